import { findGuest } from '../../../model/catalog/guests.js';
import { ImportError } from './import-error.js';
import type { JsonObject } from './json-object.js';
import type { Machine } from './machine.js';
import { comment, roundedSize, sizeOf, withRemark } from './words.js';

const MB = 1024 ** 2;
const BYTES = { minimum: MB, maximum: Number.MAX_SAFE_INTEGER };
const MEGABYTES = { minimum: 1, maximum: Number.MAX_SAFE_INTEGER / MB };
/** New-VM without a size. */
const DEFAULT_STARTUP = 512 * MB;
const DEFAULTS = { buffer: 20, priority: 50 };

/** Get-VMMemory, else Get-VM, else Msvm_MemorySettingData, which counts megabytes and priorities up to 10,000. */
export function memoryLines(entry: JsonObject, vm: JsonObject, machine: Machine): string[] {
  const memory = entry.object('Memory');
  const bytes = (name: string, ofVm: string, raw: string) => {
    const megabytes = memory?.number(raw, MEGABYTES);
    return (
      memory?.count(name, BYTES) ?? vm.count(ofVm, BYTES) ?? (megabytes === undefined ? undefined : megabytes * MB)
    );
  };
  const startup = bytes('Startup', 'MemoryStartup', 'VirtualQuantity');
  const dynamic = memory?.flag('DynamicMemoryEnabled') ?? vm.flag('DynamicMemoryEnabled');
  const notes = [];
  if (startup === undefined) notes.push('Memory.Startup is missing: 512 MB are assumed.');
  if (dynamic === undefined) notes.push('Memory.DynamicMemoryEnabled is missing: static memory is assumed.');
  const fixed = whyFixed(machine, entry.text('GuestOperatingSystem'));
  if (dynamic && fixed !== undefined) notes.push(`Dynamic memory is on, but ${fixed}: it keeps what it starts with.`);
  const startupBytes = startup ?? DEFAULT_STARTUP;
  if (!dynamic || fixed !== undefined)
    return [...notes.map(comment), withRemark(`memory ${sizeOf(startupBytes)}`, roundedSize(startupBytes))];

  const maximum = bytes('Maximum', 'MemoryMaximum', 'Limit');
  const said = bytes('Minimum', 'MemoryMinimum', 'Reservation');
  if (maximum === undefined) notes.push('Memory.Maximum is missing: the startup memory.');
  const belowStartup = machine.release?.minimumBelowStartup !== false;
  const minimum = belowStartup ? (said ?? startupBytes) : startupBytes;
  if (said === undefined) notes.push('Memory.Minimum is missing: the startup memory.');
  else if (said !== minimum)
    notes.push(`Its minimum is ${sizeOf(said)}; this release never gives less than the startup memory.`);
  const largest = maximum ?? startupBytes;
  if (minimum > startupBytes || startupBytes > largest) {
    throw new ImportError(`${entry.at('Memory')}: the startup memory is not between minimum and maximum`);
  }
  const { buffer, priority } = tuning(memory, notes);
  const words = [
    `memory ${sizeOf(minimum)} to ${sizeOf(largest)}`,
    ...(startupBytes === minimum ? [] : [`startup ${sizeOf(startupBytes)}`]),
    ...(buffer === DEFAULTS.buffer ? [] : [`buffer ${buffer} %`]),
    ...(priority === DEFAULTS.priority ? [] : [`priority ${priority}`]),
  ];
  return [...notes.map(comment), words.join(' ')];
}

function tuning(memory: JsonObject | undefined, notes: string[]): { buffer: number; priority: number } {
  const buffers = { minimum: 5, maximum: 2000 };
  const buffer = memory?.number('Buffer', buffers) ?? memory?.number('TargetMemoryBuffer', buffers);
  const weight = memory?.number('Weight', { minimum: 0, maximum: 10_000 });
  const rounded = weight === undefined ? undefined : Math.round(weight / 100);
  const priority = memory?.count('Priority', { minimum: 0, maximum: 100 }) ?? rounded;
  if (buffer === undefined) notes.push(`Memory.Buffer is missing: ${DEFAULTS.buffer} %.`);
  if (priority === undefined) notes.push(`Memory.Priority is missing: ${DEFAULTS.priority}.`);
  return { buffer: buffer ?? DEFAULTS.buffer, priority: priority ?? DEFAULTS.priority };
}

/** Why a machine with dynamic memory switched on does not have it; undefined where it does. */
function whyFixed({ legacy, release }: Machine, system: string | undefined): string | undefined {
  if (release?.dynamicMemory === false) return `${release.title} has none`;
  if (legacy || (system !== undefined && findGuest(system)?.dynamicMemory === false)) {
    return 'its operating system has no driver for it';
  }
  return undefined;
}
