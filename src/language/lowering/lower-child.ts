import { findRelease, RELEASES } from '../../model/catalog/releases.js';
import type {
  Bandwidth,
  Child,
  ChildKind,
  ChildMemory,
  ChildProcessors,
  Hardware,
  Hypervisor,
  VirtualDisk,
  VirtualNic,
} from '../../model/host-model.js';
import { documentationOf } from '../documentation.js';
import type {
  BandwidthClause,
  ChildDeclaration,
  DiskDeclaration,
  MemoryClause,
  NicDeclaration,
  ProcessorsClause,
  Quantity,
  VlanRange,
} from '../generated/ast.js';
import { percentOfLp, weightOf } from '../processor-share.js';
import { quantityValue } from '../quantity.js';
import { lowerWorkload } from './lower-work.js';

/** What New-VM and the settings of Hyper-V Manager give a machine that says nothing. */
const CHILD_DEFAULTS = {
  memoryBytes: 512 * 1024 ** 2,
  limitPercent: 100,
  weight: 100,
  bufferPercent: 20,
  priority: 50,
};

export function lowerChild(declaration: ChildDeclaration, hypervisor: Hypervisor, hardware: Hardware): Child {
  const kind = kindOf(declaration);
  const workload = declaration.workload?.ref;
  return {
    name: declaration.name,
    documentation: documentationOf(declaration),
    operatingSystem: declaration.operatingSystem,
    kind,
    generation: quantityValue(declaration.generation, 1) === 2 ? 2 : 1,
    processors: lowerProcessors(declaration.processors, hardware),
    memory: lowerMemory(declaration.memory),
    disks: lowerDisks(declaration.disks, hypervisor),
    nics: declaration.nics.map((nic) => lowerNic(nic, declaration.kind)),
    integrationServicesOff: declaration.integrationServices?.off ?? [],
    boots: declaration.boots && lowerBoot(declaration.boots, declaration.kind),
    workload: workload && lowerWorkload(workload),
    ...(declaration.peer && { sendsTo: declaration.peer.$refText }),
    start: lowerStart(declaration),
    stop: lowerStop(declaration),
  };
}

function lowerProcessors(clause: ProcessorsClause | undefined, { processor }: Hardware): ChildProcessors {
  const percent = (quantity: Quantity | undefined, usual: number) =>
    Math.min(100, (clause && percentOfLp(quantity, clause, processor.frequencyHz)) ?? usual);
  return {
    count: quantityValue(clause?.count, 1),
    group: clause?.group?.$refText,
    reservePercent: percent(clause?.reserve, 0),
    limitPercent: percent(clause?.limit, CHILD_DEFAULTS.limitPercent),
    weight: weightOf(clause, CHILD_DEFAULTS.weight),
  };
}

/** A child that boots a kernel is a machine; the others are what the file calls them. */
export function kindOf(declaration: ChildDeclaration): ChildKind {
  if (declaration.boots !== undefined) return 'machine';
  return declaration.kind ?? 'enlightened';
}

/** The format by the ending of the file; without one, VHDX from Windows Server 2012 on. */
function formatOf(file: string, hypervisor: Hypervisor): VirtualDisk['format'] {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase();
  if (ending === 'vhd' || ending === 'vhdx') return ending;
  if (ending === 'raw' || ending === 'img') return 'raw';
  return isBefore2012(hypervisor) ? 'vhd' : 'vhdx';
}

function isBefore2012(hypervisor: Hypervisor): boolean {
  const release = findRelease(hypervisor.release ?? '');
  return release !== undefined && RELEASES.indexOf(release) < RELEASES.findIndex(({ id }) => id === '2012');
}

function lowerMemory(clause: MemoryClause | undefined): ChildMemory {
  const sizeBytes = quantityValue(clause?.size, CHILD_DEFAULTS.memoryBytes);
  if (clause?.maximum === undefined) return { kind: 'static', startupBytes: sizeBytes };
  return {
    kind: 'dynamic',
    startupBytes: quantityValue(clause.startup, sizeBytes),
    minimumBytes: sizeBytes,
    maximumBytes: quantityValue(clause.maximum),
    bufferPercent: quantityValue(clause.buffer, CHILD_DEFAULTS.bufferPercent),
    priority: quantityValue(clause.priority, CHILD_DEFAULTS.priority),
  };
}

function lowerDisks(declarations: DiskDeclaration[], hypervisor: Hypervisor): VirtualDisk[] {
  const used = { ide: 0, scsi: 0 };
  return declarations.map((disk) => {
    const controller = disk.controller ?? 'scsi';
    return {
      file: disk.file,
      bytes: quantityValue(disk.size),
      format: disk.allocation === 'pass-through' ? 'raw' : formatOf(disk.file, hypervisor),
      allocation: disk.allocation ?? 'dynamic',
      base: disk.base,
      physicalDisk: disk.physicalDisk.$refText,
      controller,
      slot: used[controller]++,
    };
  });
}

function lowerNic(nic: NicDeclaration, kind: ChildDeclaration['kind']): VirtualNic {
  return {
    switch: nic.switch.$refText,
    kind: nic.kind ?? (kind === 'legacy' ? 'legacy' : 'synthetic'),
    vlan: quantityValue(nic.trunk ? nic.trunk.native : nic.vlan, null),
    ...(nic.trunk && { trunk: nic.trunk.allowed.map(lowerVlans) }),
    ...(nic.bandwidth && { bandwidth: lowerBandwidth(nic.bandwidth) }),
    ...(nic.sriov && { sriov: true as const }),
  };
}

function lowerVlans({ first, last }: VlanRange): NonNullable<VirtualNic['trunk']>[number] {
  const from = quantityValue(first);
  return { first: from, last: quantityValue(last, from) };
}

function lowerBandwidth({ limit, reserve, weight }: BandwidthClause): Bandwidth {
  return {
    ...(limit && { limitBitsPerSecond: quantityValue(limit) }),
    ...(reserve && { reserveBitsPerSecond: quantityValue(reserve) }),
    ...(weight && { weight: quantityValue(weight) }),
  };
}

function lowerBoot(
  { kernel, initrd, commandLine }: NonNullable<ChildDeclaration['boots']>,
  kind: ChildDeclaration['kind'],
): NonNullable<Child['boots']> {
  const files = { kernel, initrd, commandLine };
  return kind === 'legacy' ? { ...files, bare: true } : files;
}

/** The parser joins the words of `if running`, `shut down` and `turn off`. */
function lowerStart({ start }: ChildDeclaration): Child['start'] {
  const action: string = start?.action ?? 'always';
  return {
    action: action === 'never' || action === 'always' ? action : 'if-running',
    delayNs: quantityValue(start?.delay, 0),
  };
}

function lowerStop({ stop }: ChildDeclaration): Child['stop'] {
  const action: string = stop?.action ?? 'shutdown';
  if (action === 'save') return 'save';
  return action === 'turnoff' ? 'turn-off' : 'shut-down';
}
