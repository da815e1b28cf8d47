/** Room on physical disks for the memory of children that are saved. */
import { holdsRoomForState } from './catalog/saved-states.js';
import type { Child, HostModel, VirtualDisk } from './host-model.js';

/** By the name of the physical disk. */
export type RoomLeft = Readonly<Record<string, number>>;

/** Where the saved state of a child lies: beside its first disk, or on the first disk of the host; null: nowhere. */
export function stateDisk({ hardware }: HostModel, { disks }: Child): string | null {
  return disks[0]?.physicalDisk ?? hardware.disks[0]?.name ?? null;
}

/** Bytes that are held there as long as the child is on with so much memory. */
export function heldBytes({ hypervisor }: HostModel, child: Child, memoryBytes: number): number {
  return holdsRoomForState(hypervisor, child) ? memoryBytes : 0;
}

/** What a virtual disk takes of the physical one as soon as it is there; others grow. */
export function takenAtOnce({ allocation, bytes }: VirtualDisk): number {
  return allocation === 'fixed' ? bytes : 0;
}

/**
 * What a physical disk has beside the files that take so many bytes at once. A disk that is too small for those is a fault
 * of its own (HV519), and its room is not counted.
 */
export function roomBeside(bytes: number, takenAtOnce: number): number {
  return takenAtOnce > bytes ? Number.POSITIVE_INFINITY : bytes - takenAtOnce;
}

/** What each physical disk has beside the disk files. */
export function roomBesideDisks({ hardware, children }: HostModel): RoomLeft {
  const files = children.flatMap(({ disks }) => disks);
  return Object.fromEntries(
    hardware.disks.map(({ name, bytes }) => {
      const here = files.filter(({ physicalDisk }) => physicalDisk === name);
      return [
        name,
        roomBeside(
          bytes,
          here.reduce((sum, file) => sum + takenAtOnce(file), 0),
        ),
      ];
    }),
  );
}
