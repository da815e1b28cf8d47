/** The physical machine: processors, memory, disks and network adapters. */

import { findRelease } from '../../../model/catalog/releases.js';
import { releaseOfBuild } from '../../../model/catalog/windows-builds.js';
import { BUS_TYPES, ERROR_CORRECTION, MEDIA_TYPES } from './enumerations.js';
import type { JsonObject } from './json-object.js';
import { Names } from './names.js';
import type { Switches } from './partitions.js';
import { comment, frequencyOf, quoted, roundedSize, sizeOf, speedOf } from './words.js';

const LARGEST = Number.MAX_SAFE_INTEGER;
const MB = 1024 ** 2;
const TB = 1024 ** 4;
/** What an adapter without a link is taken to have. */
const ASSUMED_SPEED = 1e9;
/** Windows gives 2^63 - 1 or more for a speed it does not know. */
const FASTEST = 1e13;

export function hardwareLines(document: JsonObject, name: string, disks: PhysicalDisks, switches: Switches): string[] {
  const computer = document.object('Computer');
  const title = [computer?.text('Manufacturer'), computer?.text('Model')].filter((each) => each !== undefined);
  return [
    `hardware ${name}${title.length > 0 ? ` ${quoted(title.join(' '))}` : ''} {`,
    ...processorLines(document),
    ...memoryLines(document),
    ...disks.lines(),
    ...nicLines(document, switches),
    ...document.objects('Displays').flatMap((each) => {
      const display = each.text('Name');
      return display === undefined ? [] : [`display ${quoted(display)}`];
    }),
    '}',
  ];
}

function processorLines(document: JsonObject): string[] {
  const processors = document.objects('Processors');
  const [first] = processors;
  if (first === undefined) return [comment('Processors is empty or missing.')];
  const at = (name: string) => `Processors[0].${name}`;
  const cores = first.count('NumberOfCores', { minimum: 1, maximum: 1024 });
  const logical = first.count('NumberOfLogicalProcessors', { minimum: 1, maximum: 8192 }) ?? cores;
  const speed = first.number('MaxClockSpeed', { minimum: 1, maximum: 1e5 });
  const notes = [];
  if (cores === undefined) notes.push(`${at('NumberOfCores')} is missing: 1 is assumed.`);
  if (speed === undefined) notes.push(`${at('MaxClockSpeed')} is missing: 2 GHz is assumed.`);
  if (processors.some((each) => each.text('Name') !== first.text('Name')))
    notes.push('The sockets differ; this is the first.');
  let shape = { cores: cores ?? 1, threads: (logical ?? 1) / (cores ?? 1) };
  if (!Number.isInteger(shape.threads)) {
    notes.push(`${logical} logical processors on ${cores} cores of different kinds; each counts as a core.`);
    shape = { cores: logical ?? 1, threads: 1 };
  }
  const slat = !isSlatCertain(document);
  return [
    ...notes.map(comment),
    `processor${first.text('Name') === undefined ? '' : ` ${quoted(first.text('Name')!.replace(/\s+/g, ' '))}`} {`,
    `sockets ${processors.length} cores ${shape.cores} threads ${shape.threads} frequency ${frequencyOf((speed ?? 2000) * 1e6)}`,
    ...(slat ? [comment('Under a hypervisor Windows does not tell of nested page tables: assumed.')] : []),
    'virtualization on dep on slat on',
    '}',
  ];
}

/** From Windows Server 2016 on, Hyper-V does not start without it; before, nothing tells. */
function isSlatCertain(document: JsonObject): boolean {
  const build = document.object('OperatingSystem')?.count('BuildNumber', { minimum: 1, maximum: 1e6 });
  const release = build === undefined ? undefined : releaseOfBuild(build)?.release;
  return release !== undefined && findRelease(release)?.slatRequired === true;
}

function memoryLines(document: JsonObject): string[] {
  const modules = document
    .objects('MemoryModules')
    .map((each) => each.count('Capacity', { minimum: 0, maximum: LARGEST }));
  const installed = modules.reduce((sum: number, bytes) => sum + (bytes ?? 0), 0);
  const usable =
    document.object('VMHost')?.count('MemoryCapacity', { minimum: MB, maximum: LARGEST }) ??
    document.object('Computer')?.count('TotalPhysicalMemory', { minimum: MB, maximum: LARGEST });
  const bytes = installed >= MB ? installed : usable;
  const corrections = document
    .objects('MemoryArrays')
    .map((each) => each.choice('MemoryErrorCorrection', ERROR_CORRECTION));
  const ecc = corrections.some((each) => each === 'Single-bit ECC' || each === 'Multi-bit ECC');
  const nodes = document.objects('NumaNodes').length;
  const notes = [];
  if (bytes === undefined) notes.push('MemoryModules and VMHost.MemoryCapacity are missing: 8 GB are assumed.');
  if (corrections.every((each) => each === undefined)) notes.push('MemoryArrays does not tell of error correction.');
  if (nodes === 0) notes.push('NumaNodes is missing: one node is assumed.');
  const size = bytes ?? 8192 * MB;
  const statement = `memory ${sizeOf(size)}${ecc ? ' ecc' : ''}${nodes > 1 ? ` nodes ${nodes}` : ''}`;
  return [...notes.map(comment), withRemark(statement, roundedSize(size))];
}

function nicLines(document: JsonObject, switches: Switches): string[] {
  const names = new Names();
  const nicOf = new Map<string, string>();
  const lines = document.objects('Adapters').flatMap((each) => {
    const title = each.text('Name') ?? each.text('NetConnectionID') ?? 'network adapter';
    const name = names.give(each.text('NetConnectionID') ?? title, 'nic');
    if (!nicOf.has(title)) nicOf.set(title, name);
    const speed = each.number('Speed', { minimum: 0, maximum: Number.MAX_VALUE });
    const known = speed !== undefined && Number.isInteger(speed) && speed >= 1 && speed <= FASTEST;
    return withRemark(
      `nic ${name} ${quoted(title)} ${speedOf(known ? speed : ASSUMED_SPEED)}`,
      known ? undefined : 'no link, or its speed is missing: assumed',
    );
  });
  return [...lines, ...connect(switches, names, nicOf)];
}

/** Gives every external switch an adapter of its own; the lines are those of adapters that the document does not list. */
function connect(switches: Switches, names: Names, nicOf: Map<string, string>): string[] {
  const taken = new Set<string>();
  return switches.external().flatMap((each) => {
    const wanted = each.adapter ?? 'an adapter that is not told';
    const known = nicOf.get(wanted);
    if (known !== undefined && !taken.has(known)) {
      each.nic = known;
      taken.add(known);
      return [];
    }
    each.nic = names.give(`${each.name}-uplink`, 'uplink');
    const why = known === undefined ? 'is a team, or not among Adapters' : 'serves another switch too';
    return [
      comment(`The adapter of the switch ${each.name} ${why}; its speed is assumed.`),
      `nic ${each.nic} ${quoted(wanted)} ${speedOf(ASSUMED_SPEED)}`,
    ];
  });
}

interface PhysicalDisk {
  name: string;
  bytes: number | undefined;
  lines: string[];
}

/** The physical disks, found by the paths of the files they hold. */
export class PhysicalDisks {
  private readonly disks = new Map<number, PhysicalDisk>();
  private readonly volumes = new Map<string, number>();
  private readonly names = new Names();
  private elsewhere: { name: string; bytes: number } | undefined;

  constructor(document: JsonObject) {
    const media = new Map(document.objects('PhysicalDisks').map((each) => [each.text('DeviceId'), each]));
    for (const each of document.objects('Disks')) {
      const index = each.count('Index', { minimum: 0, maximum: 1e6 }) ?? this.disks.size;
      const bytes = each.count('Size', { minimum: 1, maximum: LARGEST });
      this.disks.set(index, { bytes, ...this.declare(index, each, bytes, media.get(String(index))) });
    }
    for (const each of document.objects('Volumes')) {
      const drive = each.text('Drive')?.slice(0, 1).toUpperCase();
      const disk = each.count('Disk', { minimum: 0, maximum: 1e6 });
      if (drive !== undefined && disk !== undefined) this.volumes.set(drive, disk);
    }
  }

  /** The name of the disk that holds a file of so many bytes. */
  holding(path: string, bytes: number): string {
    const drive = /^([a-z]):/i.exec(path)?.[1]?.toUpperCase() ?? '';
    const disk = this.disks.get(this.volumes.get(drive) ?? -1);
    if (disk !== undefined) return disk.name;
    this.elsewhere ??= { name: this.names.give('elsewhere', 'elsewhere'), bytes: 0 };
    this.elsewhere.bytes = Math.min(LARGEST, this.elsewhere.bytes + bytes);
    return this.elsewhere.name;
  }

  numbered(index: number): { name: string; bytes: number | undefined } | undefined {
    return this.disks.get(index);
  }

  /** Ask last: what lies elsewhere is known only then. */
  lines(): string[] {
    const lines = [...this.disks.values()].flatMap((disk) => disk.lines);
    if (this.elsewhere === undefined) return lines;
    const { name, bytes } = this.elsewhere;
    return [
      ...lines,
      comment('Files on shares, cluster volumes and volumes that Volumes does not list; as large as they can grow.'),
      withRemark(`disk ${name} "storage that was not told" ${sizeOf(bytes)}`, roundedSize(bytes)),
    ];
  }

  private declare(index: number, disk: JsonObject, bytes: number | undefined, physical: JsonObject | undefined) {
    const name = this.names.give(`disk${index}`, 'disk');
    const medium = mediumOf(physical);
    const notes = [];
    if (bytes === undefined) notes.push(`${disk.at('Size')} is missing: 1 TB is assumed.`);
    if (medium === undefined)
      notes.push(`PhysicalDisks does not tell the medium of disk ${index}: rotational is assumed.`);
    const title = disk.text('Model') ?? disk.text('Caption');
    const size = bytes ?? TB;
    const statement = `disk ${name}${title === undefined ? '' : ` ${quoted(title)}`} ${sizeOf(size)} ${medium ?? 'rotational'}`;
    return { name, lines: [...notes.map(comment), withRemark(statement, roundedSize(size))] };
  }
}

function mediumOf(disk: JsonObject | undefined): 'nvme' | 'ssd' | 'rotational' | undefined {
  if (disk?.choice('BusType', BUS_TYPES) === 'NVMe') return 'nvme';
  const medium = disk?.choice('MediaType', MEDIA_TYPES);
  if (medium === undefined) return undefined;
  return medium === 'HDD' ? 'rotational' : 'ssd';
}

function withRemark(statement: string, remark: string | undefined): string {
  return remark === undefined ? statement : `${statement} ${comment(remark)}`;
}
