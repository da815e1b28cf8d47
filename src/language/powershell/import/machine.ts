/** A virtual machine becomes a child. */
import { findGuest } from '../../../model/catalog/guests.js';
import { INTEGRATION_SERVICES } from '../../../model/catalog/integration-services.js';
import type { Release } from '../../../model/catalog/release.js';
import { findRelease } from '../../../model/catalog/releases.js';
import {
  MACHINE_STATES,
  START_ACTIONS,
  START_ACTIONS_BEFORE_2012,
  STOP_ACTIONS,
  STOP_ACTIONS_BEFORE_2012,
} from './enumerations.js';
import { ImportError } from './import-error.js';
import type { JsonObject } from './json-object.js';
import { diskLines, nicLines } from './machine-devices.js';
import { memoryLines } from './machine-memory.js';
import type { Names } from './names.js';
import type { Switches } from './partitions.js';
import type { PhysicalDisks } from './physical-disks.js';
import { comment, quoted, timeOf } from './words.js';

export interface HostSoFar {
  release: string;
  disks: PhysicalDisks;
  switches: Switches;
  names: Names;
  /** Files of disks that other machines have, in lower case. */
  files: Set<string>;
}

/** What its statements depend on. */
export interface Machine {
  generation: 1 | 2;
  legacy: boolean;
  release: Release | undefined;
}

export function machineLines(entry: JsonObject, host: HostSoFar): string[] {
  const vm = entry.object('VM');
  const called = vm?.text('Name') ?? vm?.text('ElementName');
  if (vm === undefined || called === undefined) throw new ImportError(`${entry.at('VM.Name')} is missing`);
  const name = host.names.give(called, 'machine');
  const system = entry.text('GuestOperatingSystem');
  const release = findRelease(host.release);
  const generation = vm.count('Generation', { minimum: 1, maximum: 2 });
  const legacy = system !== undefined && findGuest(system)?.integration === 'none';
  const machine: Machine = { generation: generation === 2 ? 2 : 1, legacy, release };
  return [
    ...(name === called ? [] : [comment(`Called "${called}" on the host.`)]),
    ...(vm
      .text('Notes')
      ?.split(/[\r\n]+/)
      .map(comment) ?? []),
    `child ${name} ${quoted(system ?? 'unknown')}${legacy ? ' legacy' : ''} {`,
    ...(system === undefined ? [comment('GuestOperatingSystem is missing: nobody told while the host was read.')] : []),
    ...generationLines(generation, release),
    ...processorLines(entry, vm),
    ...memoryLines(entry, vm, machine),
    ...diskLines(entry, machine, host),
    ...nicLines(entry, machine, host),
    ...serviceLines(entry),
    ...lifeLines(vm),
    '}',
  ];
}

function generationLines(generation: number | undefined, release: Release | undefined): string[] {
  if (generation === 2) return ['generation 2'];
  const couldBeTwo = release === undefined || release.machine.virtualProcessorsGen2 !== null;
  return generation === undefined && couldBeTwo ? [comment('VM.Generation is missing: 1 is assumed.')] : [];
}

/** The cmdlet's words, or those of Msvm_ProcessorSettingData, which counts thousandths of a percent. */
function processorLines(entry: JsonObject, vm: JsonObject): string[] {
  const processor = entry.object('Processor');
  const counts = { minimum: 1, maximum: 100_000 };
  const count =
    processor?.count('Count', counts) ??
    processor?.count('VirtualQuantity', counts) ??
    vm.count('ProcessorCount', counts);
  const percent = (name: string, raw: string) => {
    const thousandths = processor?.number(raw, { minimum: 0, maximum: 100_000 });
    return (
      processor?.number(name, { minimum: 0, maximum: 100 }) ??
      (thousandths === undefined ? undefined : thousandths / 1000)
    );
  };
  const reserve = percent('Reserve', 'Reservation');
  const limit = percent('Maximum', 'Limit');
  const weights = { minimum: 0, maximum: 10_000 };
  const weight = processor?.count('RelativeWeight', weights) ?? processor?.count('Weight', weights);
  const missing = Object.entries({ count, reserve, limit, weight }).flatMap(([key, value]) =>
    value === undefined ? [key] : [],
  );
  const notes = missing.length > 0 ? [`Processor does not tell ${missing.join(', ')}: the default.`] : [];
  if (weight === 0) notes.push('A weight of 0, which counts as 1.');
  if (processor?.flag('ExposeVirtualizationExtensions'))
    notes.push('Nested virtualization is on; it cannot be said here.');
  const threads = processor?.count('HwThreadCountPerCore', { minimum: 0, maximum: 64 }) ?? 0;
  if (threads > 0) notes.push(`HwThreadCountPerCore is ${threads}; it cannot be said here.`);
  let statement = `processors ${count ?? 1}`;
  if (reserve !== undefined && reserve > 0) statement += ` reserve ${reserve} %`;
  if (limit !== undefined && limit < 100) statement += ` limit ${limit} %`;
  if (weight !== undefined && weight !== 100) statement += ` weight ${Math.max(1, weight)}`;
  return [...notes.map(comment), statement];
}

/** By the component where the document has it, because Windows translates the names. */
function serviceLines(entry: JsonObject): string[] {
  const services = entry.objects('IntegrationServices');
  if (services.length === 0) return [comment('IntegrationServices is missing: the default.')];
  const notes: string[] = [];
  const off: string[] = [];
  for (const each of services) {
    const enabled = each.flag('Enabled');
    const id = each.text('Id')?.toUpperCase() ?? '';
    const name = each.text('Name') ?? id;
    const known = INTEGRATION_SERVICES.find(({ componentId, title }) => id.endsWith(componentId) || title === name);
    if (known === undefined) notes.push(`The integration service "${name}" is not known here.`);
    else if (enabled === undefined) notes.push(`${each.at('Enabled')} is missing: the default.`);
    else if (enabled && !known.onByDefault) notes.push(`The ${known.title} is on; it cannot be said here.`);
    else if (!enabled && known.onByDefault && !off.includes(known.title)) off.push(known.title);
  }
  return [...notes.map(comment), ...(off.length > 0 ? [`integration services off ${off.map(quoted).join(', ')}`] : [])];
}

const STARTS = { Nothing: 'never', StartIfRunning: 'if running', Start: 'always' } as const;
const STOPS = { TurnOff: 'turn off', Save: 'save', ShutDown: 'shut down' } as const;

function lifeLines(vm: JsonObject): string[] {
  const start =
    vm.choice('AutomaticStartAction', START_ACTIONS) ?? vm.choice('AutomaticStartupAction', START_ACTIONS_BEFORE_2012);
  const stop =
    vm.choice('AutomaticStopAction', STOP_ACTIONS) ?? vm.choice('AutomaticShutdownAction', STOP_ACTIONS_BEFORE_2012);
  const delay = vm.number('AutomaticStartDelay', { minimum: 0, maximum: 1e6 }) ?? 0;
  const state = vm.choice('State', MACHINE_STATES) ?? vm.choice('EnabledState', MACHINE_STATES);
  const notes = [];
  if (start === undefined) notes.push('VM.AutomaticStartAction is missing: always.');
  if (stop === undefined) notes.push('VM.AutomaticStopAction is missing: shut down.');
  if (state !== undefined && state !== 'Running') notes.push(`It was ${state.toLowerCase()} when the host was read.`);
  return [
    ...notes.map(comment),
    `start ${STARTS[start ?? 'Start']}${delay > 0 ? ` after ${timeOf(delay)}` : ''}`,
    `stop ${STOPS[stop ?? 'ShutDown']}`,
  ];
}
