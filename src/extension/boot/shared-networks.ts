import { type Uri, window } from 'vscode';
import { HostNetwork } from '../../machine-host/host-network.js';
import { MachineError } from '../../machine-host/machine-error.js';
import { Neighbours, type NeighbourThread, sharedSwitches } from '../../machine-host/neighbours/neighbours.js';
import type { Child, HostModel } from '../../model/host-model.js';

interface Shared {
  network: HostNetwork;
  /** The definition as it was when the first of them booted, for as long as one of them runs. */
  described: string;
  children: number;
  /** The modelled children beside them, from when the first boots that is on a switch with one. */
  neighbours: Promise<Neighbours> | null;
}

/** The switches of a host, for a child that boots; it leaves when it has ended. */
export interface JoinedNetwork {
  shared: HostNetwork;
  /** The modelled children beside it; null where none is on its switches. */
  neighbours: Promise<Neighbours> | null;
  leave(): void;
}

/** The switches of each host, shared by its children that run at the same time. */
export class SharedNetworks {
  private readonly networks = new Map<string, Shared>();

  constructor(private readonly startThread: () => Promise<NeighbourThread>) {}

  /** Throws MachineError where others run on switches or adapters that the definition has changed since. */
  join(definition: Uri, host: HostModel, child: Child): JoinedNetwork {
    const key = `${definition.toString()}#${host.name}`;
    const described = JSON.stringify([host.switches, host.children.map(({ name, nics }) => [name, nics])]);
    const shared = this.networks.get(key) ?? {
      network: new HostNetwork(host),
      described,
      children: 0,
      neighbours: null,
    };
    if (shared.described !== described) {
      throw new MachineError(
        `the switches or adapters of ${host.name} were changed while children of it run; turn them off first`,
      );
    }
    this.networks.set(key, shared);
    shared.children++;
    const hasNeighbours = sharedSwitches(host, [child]).length > 0;
    if (hasNeighbours) shared.neighbours ??= this.startNeighbours(host, shared.network);
    const leave = () => {
      if (--shared.children > 0) return;
      this.networks.delete(key);
      void shared.neighbours?.then(
        (neighbours) => neighbours.dispose(),
        () => {}, // its failure was told to whoever booted
      );
    };
    return { shared: shared.network, neighbours: hasNeighbours ? shared.neighbours : null, leave };
  }

  /** Ends the threads of modelled children, with the extension. */
  dispose(): void {
    for (const { neighbours } of this.networks.values())
      void neighbours?.then(
        (each) => each.dispose(),
        () => {},
      );
  }

  /** On every switch that any machine child shares with them: the others may boot later. */
  private async startNeighbours(host: HostModel, network: HostNetwork): Promise<Neighbours> {
    const machines = host.children.filter(({ kind }) => kind === 'machine');
    const thread = await this.startThread();
    const notice = (text: string) => void window.showWarningMessage(`${host.name}: ${text}`);
    return new Neighbours(host, sharedSwitches(host, machines), network, thread, notice);
  }
}
