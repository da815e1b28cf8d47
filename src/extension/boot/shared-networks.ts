import type { Uri } from 'vscode';
import { HostNetwork } from '../../machine-host/host-network.js';
import { MachineError } from '../../machine-host/machine-error.js';
import type { HostModel } from '../../model/host-model.js';

interface Shared {
  network: HostNetwork;
  /** The definition as it was when the first of them booted, for as long as one of them runs. */
  described: string;
  children: number;
}

/** The switches of a host, for a child that boots; it leaves when it has ended. */
export interface JoinedNetwork {
  shared: HostNetwork;
  leave(): void;
}

/** The switches of each host, shared by its children that run at the same time. */
export class SharedNetworks {
  private readonly networks = new Map<string, Shared>();

  /** Throws MachineError where others run on switches or adapters that the definition has changed since. */
  join(definition: Uri, host: HostModel): JoinedNetwork {
    const key = `${definition.toString()}#${host.name}`;
    const described = JSON.stringify([host.switches, host.children.map(({ name, nics }) => [name, nics])]);
    const shared = this.networks.get(key) ?? { network: new HostNetwork(host), described, children: 0 };
    if (shared.described !== described) {
      throw new MachineError(
        `the switches or adapters of ${host.name} were changed while children of it run; turn them off first`,
      );
    }
    this.networks.set(key, shared);
    shared.children++;
    const leave = () => {
      if (--shared.children === 0) this.networks.delete(key);
    };
    return { shared: shared.network, leave };
  }
}
