import { formatBytes } from '../../model/format.js';
import type { HostModel, VirtualDisk } from '../../model/host-model.js';
import type { HostDeclaration } from '../generated/ast.js';
import type { Report } from './report.js';

/** Do the virtual disks fit on the physical disk that holds them: now, and when they are full? */
export function checkDiskSpace(host: HostDeclaration, model: HostModel, report: Report): void {
  for (const physical of model.hardware.disks) {
    const taken = { now: 0, full: 0 };
    model.children.forEach((child, childIndex) => {
      child.disks.forEach((disk, diskIndex) => {
        const node = host.children[childIndex]?.disks[diskIndex];
        if (disk.physicalDisk !== physical.name || node === undefined) return;
        const before = { ...taken };
        taken.now += takenAtOnce(disk);
        taken.full += disk.allocation === 'pass-through' ? 0 : disk.bytes;
        const place = { node, property: 'size' } as const;
        // Reported once, at the disk with which it happens.
        if (taken.now > physical.bytes && before.now <= physical.bytes) {
          const message = `The fixed disks up to this one take ${formatBytes(taken.now)}, but '${physical.name}' has ${formatBytes(physical.bytes)}.`;
          report('HV519', message, place);
        } else if (taken.full > physical.bytes && before.full <= physical.bytes && taken.now <= physical.bytes) {
          const message = `The disks up to this one can grow to ${formatBytes(taken.full)}, but '${physical.name}' has ${formatBytes(physical.bytes)}.`;
          report('HV520', message, place);
        }
      });
    });
  }
}

function takenAtOnce(disk: VirtualDisk): number {
  return disk.allocation === 'fixed' ? disk.bytes : 0;
}
