/** The physical machine: processors, memory and network adapters. */

import { findRelease } from '../../../model/catalog/releases.js';
import { releaseOfBuild } from '../../../model/catalog/windows-builds.js';
import { ERROR_CORRECTION } from './enumerations.js';
import type { JsonObject } from './json-object.js';
import { Names } from './names.js';
import type { Switches } from './partitions.js';
import type { PhysicalDisks } from './physical-disks.js';
import { comment, frequencyOf, quoted, roundedSize, sizeOf, speedOf, withRemark } from './words.js';

const LARGEST = Number.MAX_SAFE_INTEGER;
const MB = 1024 ** 2;
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
  return [
    ...notes.map(comment),
    `processor${first.text('Name') === undefined ? '' : ` ${quoted(first.text('Name')!.replace(/\s+/g, ' '))}`} {`,
    `sockets ${processors.length} cores ${shape.cores} threads ${shape.threads} frequency ${frequencyOf((speed ?? 2000) * 1e6)}`,
    ...(isSlatCertain(document)
      ? []
      : [comment('Under a hypervisor Windows does not tell of nested page tables: assumed.')]),
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
