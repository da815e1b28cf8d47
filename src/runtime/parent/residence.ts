import type { Child, HostModel } from '../../model/host-model.js';
import { MemoryDemand } from '../child/memory-demand.js';
import type { HostParts } from '../host-parts.js';
import type { ChildListener, ChildMachine } from './child-machine.js';
import { ChildWork } from './child-work.js';
import { createChain } from './create-chain.js';
import type { PluggedKind } from './device-plugging.js';
import type { PlacedFile } from './disk-layout.js';
import { CheckpointTree } from './life/checkpoint-tree.js';
import type { DifferencingChain } from './life/differencing-chain.js';
import { StateRoom } from './life/state-room.js';

/**
 * What a child has wherever it lives, and where that is: it has a machine on the host that defines it and on every other
 * that it can come to, and one of them is its home.
 */
export class Residence {
  /** The machine on the host where it lives now. */
  machine: ChildMachine;
  /** The host that defines it. */
  readonly model: HostModel;
  readonly disks: readonly DifferencingChain[];
  readonly checkpoints: CheckpointTree;
  readonly demand: MemoryDemand;
  /** Adapters and disks that were taken out of it, counted as the child declares them. */
  readonly unplugged: Readonly<Record<PluggedKind, Set<number>>> = { nic: new Set(), disk: new Set() };
  readonly work: ChildWork;
  /** Where its saved state lies: beside its first disk, or on the first disk of a host where it has none. */
  readonly stateFile: PlacedFile | null;
  readonly stateRoom: StateRoom;

  constructor(
    parts: HostParts,
    child: Child,
    /** That on the host which defines it. */
    readonly native: ChildMachine,
    files: readonly PlacedFile[],
    listener: ChildListener,
  ) {
    this.machine = native;
    this.disks = files.map((file, i) => createChain(parts, child.name, child.disks[i]!, file));
    this.checkpoints = new CheckpointTree(this.disks);
    this.demand = new MemoryDemand(child);
    this.stateFile = files[0] ?? placeAnywhere(parts);
    this.stateRoom = new StateRoom(parts.freeSpace, this.stateFile?.disk ?? null);
    this.model = parts.model;
    this.work = new ChildWork(
      parts,
      child,
      () => this.machine.guest?.requests ?? null,
      () => this.machine.devices?.incoming ?? null,
      {
        answered: (latencyNs) => listener.answered(native, latencyNs),
        failed: () => listener.failed(native),
      },
    );
  }
}

function placeAnywhere({ disks }: HostParts): PlacedFile | null {
  const [disk] = disks.values();
  return disk ? { disk, position: 0, bytes: disk.disk.bytes } : null;
}
