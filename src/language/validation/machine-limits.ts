import { findGuest, guestProcessorLimit } from '../../model/catalog/guests.js';
import type { Limit, Release } from '../../model/catalog/release.js';
import { formatBytes, formatCount } from '../../model/format.js';
import type { Child } from '../../model/host-model.js';
import type { ChildDeclaration } from '../generated/ast.js';
import { cite, type Fix, type Report, replaceWith } from './report.js';

/** What one machine may have on a release. */
export function checkMachineLimits(node: ChildDeclaration, child: Child, release: Release, report: Report): void {
  if (child.generation === 2 && release.machine.virtualProcessorsGen2 === null) {
    report('HV517', `${release.title} has no generation 2.`, { node, property: 'generation' });
    return;
  }
  checkProcessorCount(node, child, release, report);
  checkMemorySize(node, child, release, report);
  checkDynamicMemory(node, child, release, report);
  checkDisks(node, child, release, report);
  checkDeviceCounts(node, child, release, report);
}

function checkProcessorCount(node: ChildDeclaration, child: Child, release: Release, report: Report): void {
  const clause = node.processors;
  if (clause === undefined) return;
  const { count } = child.processors;
  const place = (limit: Limit): { node: typeof clause; property: 'count'; fixes: Fix[] } => ({
    node: clause,
    property: 'count',
    fixes: replaceWith(`Use ${limit.value} virtual processors`, clause.count.$cstNode, `${limit.value}`),
  });

  const { virtualProcessorsGen1, virtualProcessorsGen2 } = release.machine;
  const limit = child.generation === 2 ? (virtualProcessorsGen2 ?? virtualProcessorsGen1) : virtualProcessorsGen1;
  if (count > limit.value) {
    const machine = `A generation ${child.generation} machine on ${release.title}`;
    report(
      'HV504',
      `${machine} has at most ${formatCount(limit.value)} virtual processors${cite(limit)}.`,
      place(limit),
    );
    return;
  }
  const guest = findGuest(child.operatingSystem);
  const guestLimit = guest && guestProcessorLimit(guest, release.id);
  if (guest && guestLimit && count > guestLimit.value) {
    const message = `${guest.title} supports at most ${formatCount(guestLimit.value)} virtual processors on ${release.title}${cite(guestLimit)}.`;
    report('HV505', message, place(guestLimit));
  }
}

function checkMemorySize(node: ChildDeclaration, child: Child, release: Release, report: Report): void {
  if (node.memory === undefined) return;
  const { memoryBytesGen1, memoryBytesGen2 } = release.machine;
  const limit = child.generation === 2 ? (memoryBytesGen2 ?? memoryBytesGen1) : memoryBytesGen1;
  const { memory } = child;
  const largest = memory.kind === 'dynamic' ? memory.maximumBytes : memory.startupBytes;
  if (largest <= limit.value) return;
  const property = memory.kind === 'dynamic' ? 'maximum' : 'size';
  const message = `A generation ${child.generation} machine on ${release.title} has at most ${formatBytes(limit.value)} of memory${cite(limit)}.`;
  const size = formatBytes(limit.value);
  const fixes = replaceWith(`Use ${size}`, node.memory[property]?.$cstNode, size);
  report('HV506', message, { node: node.memory, property, fixes });
}

function checkDynamicMemory(node: ChildDeclaration, child: Child, release: Release, report: Report): void {
  if (node.memory === undefined || child.memory.kind !== 'dynamic') return;
  if (!release.dynamicMemory) {
    report('HV515', `${release.title} has no dynamic memory; it came with its SP1, \`hyper-v 2008R2SP1\`.`, {
      node: node.memory,
      property: 'maximum',
    });
  } else if (!release.minimumBelowStartup && child.memory.minimumBytes < child.memory.startupBytes) {
    report('HV515', `On ${release.title} the startup memory is the minimum; less came with Windows Server 2012.`, {
      node: node.memory,
      property: 'size',
    });
  }
}

function checkDisks(node: ChildDeclaration, child: Child, release: Release, report: Report): void {
  child.disks.forEach((disk, index) => {
    const declaration = node.disks[index];
    if (declaration === undefined || disk.format === 'raw') return;
    const limit = disk.format === 'vhd' ? release.machine.vhdBytes : release.machine.vhdxBytes;
    const format = disk.format.toUpperCase();
    if (limit === null) {
      report('HV516', `${release.title} does not know ${format}: it came with Windows Server 2012.`, {
        node: declaration,
        property: 'file',
      });
    } else if (disk.bytes > limit.value) {
      const size = formatWhole(limit.value);
      report('HV507', `A ${format} holds at most ${size}${cite(limit)}.`, {
        node: declaration,
        property: 'size',
        fixes: replaceWith(`Use ${size}`, declaration.size.$cstNode, size),
      });
    }
  });
}

function checkDeviceCounts(node: ChildDeclaration, child: Child, release: Release, report: Report): void {
  const { ideDevices, scsiDevices, legacyNics, syntheticNicsGen1, syntheticNicsGen2 } = release.machine;
  const synthetic = child.generation === 2 ? (syntheticNicsGen2 ?? syntheticNicsGen1) : syntheticNicsGen1;
  const tooMany = (index: number, property: 'disks' | 'nics', what: string, limit: Limit) => {
    const message = `A machine on ${release.title} has at most ${formatCount(limit.value)} ${what}${cite(limit)}.`;
    report('HV508', message, { node, property, index });
  };
  const over = (limit: Limit, is: (index: number) => boolean, count: number) =>
    Array.from({ length: count }, (_, index) => index).filter(is)[limit.value];

  const ide = over(ideDevices, (index) => child.disks[index]?.controller === 'ide', child.disks.length);
  if (ide !== undefined) tooMany(ide, 'disks', 'IDE devices', ideDevices);
  const scsi = over(scsiDevices, (index) => child.disks[index]?.controller === 'scsi', child.disks.length);
  if (scsi !== undefined) tooMany(scsi, 'disks', 'SCSI disks', scsiDevices);
  const legacy = over(legacyNics, (index) => child.nics[index]?.kind === 'legacy', child.nics.length);
  if (legacy !== undefined) tooMany(legacy, 'nics', 'legacy network adapters', legacyNics);
  const vmbus = over(synthetic, (index) => child.nics[index]?.kind === 'synthetic', child.nics.length);
  if (vmbus !== undefined) tooMany(vmbus, 'nics', 'synthetic network adapters', synthetic);
}

/** A limit as a fix writes it: exact, in GB or TB. */
function formatWhole(bytes: number): string {
  const gb = bytes / 1024 ** 3;
  return gb >= 1024 && gb % 1024 === 0 ? `${gb / 1024} TB` : `${gb} GB`;
}
