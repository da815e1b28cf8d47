import { adapterAddress } from '../model/adapter-addresses.js';
import type { Child, HostModel } from '../model/host-model.js';
import type { CableMessage } from '../protocol/machine.js';
import type { EthernetFrame, NetworkPort } from '../runtime/parent/ethernet/ethernet-frame.js';
import { LearningSwitch } from '../runtime/parent/switch/learning-switch.js';
import type { MacAddress } from '../runtime/parent/switch/mac-address.js';
import type { PortCounters, SwitchPort } from '../runtime/parent/switch/switch-port.js';
import { CableEnd } from './cable.js';

/** The virtual switches of a host, for the machine children that are booted together. */
export class HostNetwork {
  private readonly switches = new Map<string, LearningSwitch<EthernetFrame>>();

  constructor(private readonly host: HostModel) {
    for (const { name, kind } of host.switches) this.switches.set(name, new LearningSwitch<EthernetFrame>(kind));
  }

  /** The addresses of a child's adapters that a machine child has: the synthetic ones, in their order. */
  adapters(child: Child): MacAddress[] {
    return synthetic(child).map((index) => adapterAddress(this.host, child.name, index));
  }

  /** Plugs one of them in; `wake` is told when frames wait for it. */
  plug(child: Child, adapter: number, wake: () => void): SwitchPort<EthernetFrame> {
    const index = synthetic(child)[adapter]!;
    const nic = child.nics[index]!;
    return this.switches.get(nic.switch)!.plug({
      role: 'child',
      mac: adapterAddress(this.host, child.name, index),
      vlan: { kind: 'access', vlan: nic.vlan },
      wake,
    });
  }

  /** Plugs all of them in for a child on another thread; `post` sends to that thread. */
  connect(child: Child, post: (message: CableMessage) => void): ThreadNetwork {
    const cables = this.adapters(child).map((_, adapter) => {
      const port = this.plug(child, adapter, () => pour(port, end));
      const end = new CableEnd(adapter, post, () => {
        pour(end, port);
        pour(port, end);
      });
      return { port, end };
    });
    return {
      hear: (message) => cables[message.adapter]?.end.hear(message),
      counters: () => cables.map(({ port }) => port.counters),
      disconnect: () => {
        for (const { port } of cables) port.unplug();
      },
    };
  }
}

/** The switch's ends of the cables to a child on another thread. */
export interface ThreadNetwork {
  hear(message: CableMessage): void;
  counters(): PortCounters[];
  disconnect(): void;
}

function synthetic({ nics }: Child): number[] {
  return [...nics.keys()].filter((index) => nics[index]!.kind === 'synthetic');
}

function pour(from: NetworkPort, to: NetworkPort): void {
  while (!to.busy) {
    const delivery = from.take();
    if (delivery === null) return;
    to.send(delivery.frame, delivery.tag);
  }
}
