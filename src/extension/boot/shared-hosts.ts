import { type Uri, window } from 'vscode';
import { HostMemory } from '../../machine-host/host-memory.js';
import { HostNetwork } from '../../machine-host/host-network.js';
import { HostProcessors } from '../../machine-host/host-processors.js';
import { MachineError } from '../../machine-host/machine-error.js';
import { Neighbours, type NeighbourThread, sharedSwitches } from '../../machine-host/neighbours/neighbours.js';
import { wallClock } from '../../machine-host/wall-clock.js';
import { logicalProcessors } from '../../model/admission.js';
import type { Child, HostModel } from '../../model/host-model.js';
import { hostKey } from '../host-key.js';

/** What the machine children of a host have together, as the definition was when the first of them booted. */
interface Shared {
  network: HostNetwork;
  processors: HostProcessors;
  memory: HostMemory;
  /** The switches and adapters, which must not change meanwhile. */
  described: string;
  children: number;
  /** The modelled children beside them, from when the first boots that is on a switch with one. */
  neighbours: Promise<Neighbours> | null;
}

/** A host, for a child that boots; it leaves when it has ended. */
export interface JoinedHost {
  network: HostNetwork;
  processors: HostProcessors;
  memory: HostMemory;
  /** The modelled children beside it; null where none is on its switches. */
  neighbours: Promise<Neighbours> | null;
  leave(): void;
}

/** Hosts with machine children that run at this time. */
export class SharedHosts {
  private readonly hosts = new Map<string, Shared>();

  /** `processors`: those of this computer. */
  constructor(
    private readonly processors: number,
    private readonly startThread: () => Promise<NeighbourThread>,
  ) {}

  /** Throws MachineError where others run on switches or adapters that the definition has changed since. */
  join(definition: Uri, host: HostModel, child: Child): JoinedHost {
    const key = hostKey(definition, host.name);
    const described = JSON.stringify([host.switches, host.children.map(({ name, nics }) => [name, nics])]);
    const shared = this.hosts.get(key) ?? this.share(host, described);
    if (shared.described !== described) {
      throw new MachineError(
        `the switches or adapters of ${host.name} were changed while children of it run; turn them off first`,
      );
    }
    this.hosts.set(key, shared);
    shared.children++;
    const { network, processors, memory } = shared;
    const hasNeighbours = sharedSwitches(host, [child]).length > 0;
    if (hasNeighbours) shared.neighbours ??= this.startNeighbours(host, network);
    const leave = () => {
      if (--shared.children > 0) return;
      this.hosts.delete(key);
      endNeighbours(shared);
    };
    return { network, processors, memory, neighbours: hasNeighbours ? shared.neighbours : null, leave };
  }

  /** Ends the threads of modelled children, with the extension. */
  dispose(): void {
    for (const shared of this.hosts.values()) endNeighbours(shared);
  }

  private share(host: HostModel, described: string): Shared {
    const count = Math.min(logicalProcessors(host.hardware), this.processors);
    return {
      network: new HostNetwork(host),
      processors: new HostProcessors(count, wallClock.nowNs),
      memory: new HostMemory(host, wallClock.nowNs),
      described,
      children: 0,
      neighbours: null,
    };
  }

  /** On every switch that any machine child shares with them: the others may boot later. */
  private async startNeighbours(host: HostModel, network: HostNetwork): Promise<Neighbours> {
    const machines = host.children.filter(({ kind }) => kind === 'machine');
    const thread = await this.startThread();
    const notice = (text: string) => void window.showWarningMessage(`${host.name}: ${text}`);
    return new Neighbours(host, sharedSwitches(host, machines), network, thread, notice);
  }
}

function endNeighbours({ neighbours }: Shared): void {
  void neighbours?.then(
    (each) => each.dispose(),
    () => {}, // its failure was told to whoever booted
  );
}
