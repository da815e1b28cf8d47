import type { Child, HostModel } from '../../model/host-model.js';
import type { Disk } from '../hardware/disk.js';
import type { DiskFile } from './storage-provider.js';

/** Where the disk files of every child lie: one after the other on their physical disk, in the order of the file. */
export function layOutDisks(model: HostModel, disks: ReadonlyMap<string, Disk>): Map<Child, DiskFile[]> {
  const next = new Map<string, number>();
  const layout = new Map<Child, DiskFile[]>();
  for (const child of model.children) {
    const files = child.disks.flatMap(({ physicalDisk, bytes }) => {
      const disk = disks.get(physicalDisk);
      if (!disk) return [];
      const end = next.get(physicalDisk) ?? 0;
      const position = end + bytes <= disk.disk.bytes ? end : 0;
      next.set(physicalDisk, position + bytes);
      return [{ disk, position, bytes }];
    });
    layout.set(child, files);
  }
  return layout;
}
