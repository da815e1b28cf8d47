import { formatBytes } from '../../model/format.js';
import type { Child, HostModel, PhysicalDisk } from '../../model/host-model.js';
import { heldBytes, stateDisk, takenAtOnce } from '../../model/state-room.js';
import type { HostDeclaration } from '../generated/ast.js';
import type { Report } from './report.js';

/** Do the virtual disks fit on the physical disk that holds them, and what is held for saved states: now, and when they are full? */
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
    checkStatesBesideFullDisks(host, model, physical, taken.full, report);
  }
}

/** Disks that grow may take the room that a child needs at its next start; reported once, at the first of them. */
function checkStatesBesideFullDisks(
  host: HostDeclaration,
  model: HostModel,
  { name, bytes }: PhysicalDisk,
  fullBytes: number,
  report: Report,
): void {
  let taken = fullBytes;
  for (const [index, child] of model.children.entries()) {
    if (stateDisk(model, child) !== name) continue;
    const held = heldBytes(model, child, mostMemory(child));
    const before = taken;
    taken += held;
    if (held === 0 || taken <= bytes || before > bytes) continue;
    const node = host.children[index]?.stop ?? host.children[index];
    const message = `Once the disks on '${name}' have grown to ${formatBytes(fullBytes)}, ${formatBytes(held)} for the saved state of '${child.name}' are not there.`;
    if (node) report('HV526', message, node === host.children[index] ? { node, property: 'name' } : { node });
    return;
  }
}

function mostMemory({ memory }: Child): number {
  return memory.kind === 'dynamic' ? memory.maximumBytes : memory.startupBytes;
}
