import { formatBytes } from '../../model/format.js';
import type { HostModel } from '../../model/host-model.js';

/** Where the fixed disks of all children do not fit on a physical disk: the engine starts them, a real host could not. */
export function diskShortages({ hardware, children }: HostModel): string[] {
  const fixed = children.flatMap(({ disks }) => disks.filter(({ allocation }) => allocation === 'fixed'));
  return hardware.disks.flatMap(({ name, bytes }) => {
    const taken = fixed.filter(({ physicalDisk }) => physicalDisk === name).reduce((sum, disk) => sum + disk.bytes, 0);
    if (taken <= bytes) return [];
    return [`Their fixed disks take ${formatBytes(taken)}, but '${name}' has ${formatBytes(bytes)} (HV519).`];
  });
}
