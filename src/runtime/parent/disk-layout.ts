import type { Child, HostModel } from '../../model/host-model.js';
import type { Disk } from '../hardware/disk.js';
import { FreeSpace } from './life/free-space.js';

/** The file of a virtual disk on a physical one. */
export interface PlacedFile {
  disk: Disk;
  position: number;
  bytes: number;
}

export interface DiskLayout {
  files: Map<Child, PlacedFile[]>;
  free: FreeSpace;
}

/** Where the disk files of every child lie: one after the other on their physical disk, in the order of the file. */
export function layOutDisks(model: HostModel, disks: ReadonlyMap<string, Disk>): DiskLayout {
  const next = new Map<Disk, number>();
  const layout = new Map<Child, PlacedFile[]>();
  for (const child of model.children) {
    const files = child.disks.flatMap(({ physicalDisk, bytes }) => {
      const disk = disks.get(physicalDisk);
      if (!disk) return [];
      const end = next.get(disk) ?? 0;
      const position = end + bytes <= disk.disk.bytes ? end : 0;
      next.set(disk, position + bytes);
      return [{ disk, position, bytes }];
    });
    layout.set(child, files);
  }
  return { files: layout, free: new FreeSpace(next) };
}
