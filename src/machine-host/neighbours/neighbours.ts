import { addressPlan, formatIpv4 } from '../../model/address-plan.js';
import type { Child, HostModel } from '../../model/host-model.js';
import { modelledChildren } from '../../model/modelled-children.js';
import type { NeighbourCommand, NeighbourMessage, NeighbourStatus } from '../../protocol/neighbours.js';
import type { HostNetwork, ThreadBridges } from '../host-network.js';

/** The thread that runs the modelled children beside machine children. */
export interface NeighbourThread {
  send(command: NeighbourCommand): void;
  onEvent(listener: (message: NeighbourMessage) => void): void;
  dispose(): void;
}

/** The message by which that thread is said to have failed. */
export function neighboursFailed(detail: string): NeighbourMessage {
  return { type: 'notice', text: `the modelled children are gone: ${detail}` };
}

/** The seed that runs have where none is said. */
const SEED = 1;

/** The switches that modelled children and one of these machine children are on. */
export function sharedSwitches({ switches, children }: HostModel, machines: readonly Child[]): string[] {
  const modelled = modelledChildren({ children });
  const isOn = (name: string) => (child: Child) =>
    child.nics.some((nic) => nic.switch === name && (child.kind !== 'machine' || nic.kind === 'synthetic'));
  return switches.map(({ name }) => name).filter((name) => modelled.some(isOn(name)) && machines.some(isOn(name)));
}

/** Lines for people on who runs beside a machine child. */
export function describeNeighbours(neighbours: Neighbours | null): string {
  return neighbours?.describe() ?? 'no modelled child is on a switch with it';
}

/** The modelled children of a host while machine children of it run: on a thread, and on the same virtual switches. */
export class Neighbours {
  private status: NeighbourStatus | null = null;
  private readonly bridges: ThreadBridges;

  constructor(
    private readonly host: HostModel,
    private readonly switches: string[],
    network: HostNetwork,
    private readonly thread: NeighbourThread,
    notice: (text: string) => void,
  ) {
    thread.onEvent((message) => {
      if (message.type === 'notice') notice(message.text);
      else if (message.type === 'neighbours') this.status = message.status;
      else this.bridges.hear(message);
    });
    thread.send({ type: 'run beside', model: host, seed: SEED, switches });
    this.bridges = network.bridge(switches, (message) => thread.send(message));
  }

  /** A sentence for the user: who is there. */
  get introduction(): string {
    const modelled = modelledChildren(this.host);
    return `modelled beside it: ${modelled.map(({ name }) => `${name}${this.addressesOf(name)}`).join(', ')}`;
  }

  /** Lines for people: who they are, and what went to and from them. */
  describe(): string {
    if (this.status === null) return 'the modelled children are being started';
    const { children, dropped } = this.status;
    const width = Math.max(...children.map(({ name }) => name.length));
    const lines = children.map(
      ({ name, state, sentFrames, receivedFrames }) =>
        `${name.padEnd(width)}  ${state}, modelled${this.addressesOf(name)}; ${sentFrames} frames sent, ${receivedFrames} received`,
    );
    return [...lines, `${dropped} frames dropped between modelled and machine children`].join('\n');
  }

  /** Ends their thread; the switches go on without them. */
  dispose(): void {
    this.bridges.disconnect();
    this.thread.dispose();
  }

  private addressesOf(child: string): string {
    return this.switches
      .flatMap((name) => addressPlan(this.host, name)?.adapters ?? [])
      .filter((adapter) => adapter.child === child)
      .map(({ ipv4 }) => ` ${formatIpv4(ipv4)}`)
      .join('');
  }
}
