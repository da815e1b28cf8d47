import type { Child, HostModel } from '../../model/host-model.js';
import { takenAtOnce } from '../../model/state-room.js';
import type { Disk } from '../hardware/disk.js';
import type { FreeSpace } from './life/free-space.js';

/** The file of a virtual disk on a physical one. */
export interface PlacedFile {
  disk: Disk;
  position: number;
  bytes: number;
}

/** Where the disk files of every child lie: one after the other on their physical disk, in the order of the file. */
export function layOutDisks(
  model: HostModel,
  disks: ReadonlyMap<string, Disk>,
  space: FreeSpace,
): Map<Child, PlacedFile[]> {
  const layout = new Map<Child, PlacedFile[]>();
  for (const child of model.children) {
    const files = child.disks.flatMap((virtual) => {
      const disk = disks.get(virtual.physicalDisk);
      if (!disk) return [];
      const { bytes } = virtual;
      return [{ disk, position: space.place(disk, bytes, takenAtOnce(virtual)), bytes }];
    });
    layout.set(child, files);
  }
  return layout;
}
