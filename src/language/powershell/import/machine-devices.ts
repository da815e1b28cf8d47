/** The virtual disks and network adapters of a machine. */
import { CONTROLLER_TYPES, VHD_FORMATS, VHD_TYPES, VLAN_MODES } from './enumerations.js';
import type { JsonObject } from './json-object.js';
import type { HostSoFar, Machine } from './machine.js';
import { comment, quoted, roundedSize, sizeOf, speedOf, withRemark } from './words.js';

const LARGEST = Number.MAX_SAFE_INTEGER;
/** What Hyper-V Manager proposes for a new disk. */
const ASSUMED_DISK = 127 * 1024 ** 3;
const PLACES = { ide: 2, scsi: 64 } as const;

interface Drive {
  drive: JsonObject;
  controller: 'ide' | 'scsi';
  /** Counted over all controllers of the kind; undefined where the document does not tell. */
  slot: number | undefined;
}

export function diskLines(entry: JsonObject, machine: Machine, host: HostSoFar): string[] {
  const used = { ide: 0, scsi: 0 };
  const drives = entry.objects('HardDisks').map((drive) => placeOf(drive, machine));
  drives.sort((a, b) => a.controller.localeCompare(b.controller) || (a.slot ?? 0) - (b.slot ?? 0));
  return drives.flatMap((each) => {
    const lines = driveLines(each, host);
    const isDeclared = lines.some((line) => !line.startsWith('//'));
    if (!isDeclared) return lines;
    const slot = used[each.controller]++;
    if (each.slot === undefined || each.slot === slot) return lines;
    return [
      comment(`At place ${each.slot} of ${each.controller.toUpperCase()} on the host, here at ${slot}.`),
      ...lines,
    ];
  });
}

function placeOf(drive: JsonObject, machine: Machine): Drive {
  const type = drive.choice('ControllerType', CONTROLLER_TYPES);
  const controller = machine.generation === 2 || type === 'SCSI' ? 'scsi' : 'ide';
  const number = drive.count('ControllerNumber', { minimum: 0, maximum: 1000 });
  const location = drive.count('ControllerLocation', { minimum: 0, maximum: 1000 });
  const slot = number === undefined || location === undefined ? undefined : number * PLACES[controller] + location;
  return { drive, controller, slot };
}

function driveLines({ drive, controller }: Drive, host: HostSoFar): string[] {
  const number = drive.count('DiskNumber', { minimum: 0, maximum: 2 ** 32 });
  // 2^32 - 1 is written where there is no physical disk.
  if (number !== undefined && number < 2 ** 32 - 1) return passThroughLines(drive, number, controller, host);
  const vhd = drive.object('Vhd');
  const path = drive.text('Path') ?? vhd?.text('Path');
  if (path === undefined) return [comment(`A drive at ${controller.toUpperCase()} without a disk.`)];
  if (host.files.has(path.toLowerCase())) return [comment(`Shares the disk "${path}"; that cannot be said here.`)];
  host.files.add(path.toLowerCase());

  const notes = [];
  const bytes = vhd?.count('Size', { minimum: 1, maximum: LARGEST });
  if (bytes === undefined) notes.push('Vhd.Size is missing: 127 GB are assumed.');
  const type = vhd?.choice('VhdType', VHD_TYPES);
  const base = type === 'Differencing' ? vhd?.text('ParentPath') : undefined;
  if (type === undefined) notes.push('Vhd.VhdType is missing: dynamic is assumed.');
  else if (type === 'Differencing' && base === undefined) notes.push('Differencing, but Vhd.ParentPath is missing.');
  const format = vhd?.choice('VhdFormat', VHD_FORMATS);
  if (format !== undefined && !path.toUpperCase().endsWith(`.${format}`)) notes.push(`Its format is ${format}.`);
  if (drive.number('MaximumIOPS', { minimum: 0, maximum: LARGEST }))
    notes.push('MaximumIOPS is set; it cannot be said here.');
  const size = bytes ?? ASSUMED_DISK;
  const allocation = type === 'Fixed' ? ' fixed' : base === undefined ? '' : ` differencing from ${quoted(base)}`;
  const statement = `disk ${quoted(path)} ${sizeOf(size)}${allocation} on ${host.disks.holding(path, size)} via ${controller}`;
  return [...notes.map(comment), withRemark(statement, roundedSize(size))];
}

function passThroughLines(drive: JsonObject, number: number, controller: string, host: HostSoFar): string[] {
  const disk = host.disks.numbered(number);
  const file = `Disk ${number}`;
  if (disk?.bytes === undefined) {
    return [
      comment(`${drive.at('DiskNumber')}: the physical disk ${number} is attached, and Disks does not tell its size.`),
    ];
  }
  if (host.files.has(file)) return [comment(`Shares the physical disk ${number}; that cannot be said here.`)];
  host.files.add(file);
  return [`disk ${quoted(file)} ${sizeOf(disk.bytes)} pass-through on ${disk.name} via ${controller}`];
}

/** As much as the language takes, in bits per second. */
const LARGEST_BANDWIDTH = 1e13;

export function nicLines(entry: JsonObject, machine: Machine, host: HostSoFar): string[] {
  return entry.objects('NetworkAdapters').flatMap((each) => {
    const called = each.text('Name') ?? 'Network Adapter';
    const wanted = each.text('SwitchName');
    if (wanted === undefined) return [comment(`The adapter "${called}" is not connected.`)];
    const name = host.switches.nameOf(wanted);
    if (name === undefined) return [comment(`The adapter "${called}" is on "${wanted}", which is not among Switches.`)];
    const isLegacy = each.flag('IsLegacy') ?? false;
    if (machine.legacy && !isLegacy) {
      return [comment(`The synthetic adapter "${called}" on ${name}: its operating system has no driver for it.`)];
    }
    const { words, notes } = vlanOf(each.object('Vlan'));
    const limit = each.number('MaximumBandwidth', { minimum: 0, maximum: LARGEST_BANDWIDTH });
    const bandwidth = limit && !isLegacy ? ` bandwidth limit ${speedOf(limit)}` : '';
    if (each.flag('DynamicMacAddressEnabled') === false)
      notes.push(`Its address is ${each.text('MacAddress') ?? 'static'}`);
    const remarks = notes.map((note) => comment(`${note}; that cannot be said here.`));
    return [...remarks, `nic on ${name}${isLegacy ? ' legacy' : ''}${words}${bandwidth}`];
  });
}

function vlanOf(vlan: JsonObject | undefined): { words: string; notes: string[] } {
  const mode = vlan?.choice('OperationMode', VLAN_MODES) ?? 'Untagged';
  const id = vlan?.count('AccessVlanId', { minimum: 0, maximum: 4094 }) ?? 0;
  if (mode === 'Access' && id > 0) return { words: ` vlan ${id}`, notes: [] };
  if (mode === 'Untagged' || mode === 'Access') return { words: '', notes: [] };
  const allowed = vlan?.text('AllowedVlanIdListString');
  const ranges = mode === 'Trunk' ? rangesOf(allowed ?? '') : null;
  if (ranges !== null) {
    const native = vlan?.count('NativeVlanId', { minimum: 0, maximum: 4094 }) ?? 0;
    return { words: ` vlan trunk ${ranges}${native > 0 ? ` native ${native}` : ''}`, notes: [] };
  }
  return { words: '', notes: [`Its VLAN mode is ${mode}${allowed === undefined ? '' : ` (${allowed})`}`] };
}

/** "1-9,20" as a definition says it; null where it is no such list. */
function rangesOf(list: string): string | null {
  const ranges = list.split(',').map((each) => /^\s*(\d{1,4})(?:-(\d{1,4}))?\s*$/.exec(each));
  const words = ranges.map((range) => {
    const [first, last] = [Number(range?.[1]), Number(range?.[2] ?? range?.[1])];
    if (range === null || first < 1 || last > 4094 || first > last) return null;
    return first === last ? `${first}` : `${first} to ${last}`;
  });
  return words.includes(null) ? null : words.join(', ');
}
