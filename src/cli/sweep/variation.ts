import type { HostModel } from '../../model/host-model.js';
import { UsageError } from '../exit.js';
import { CHILD_SETTINGS, HARDWARE_SETTINGS, PARENT_SETTINGS, type Setting, WORKLOAD_SETTINGS } from './settings.js';
import { parseValues } from './values.js';

/** One thing that is varied, and the values it takes. */
export interface Variation {
  /** "child web weight" */
  label: string;
  values: VariedValue[];
}

export interface VariedValue {
  /** "20 %" */
  text: string;
  apply(model: HostModel): HostModel;
}

const KINDS = /^(child|workload)\s+(\S+)\s+|^(parent|hardware)\s+/;
const EXAMPLE = "write for example 'child web weight 100,200,400' or 'hardware memory 16 GB,32 GB'";

/** "child web reserve 0,10,20 %". Throws UsageError that says which part is wrong. */
export function parseVariation(text: string, model: HostModel): Variation {
  const trimmed = text.trim();
  const match = KINDS.exec(trimmed);
  if (match === null) throw new UsageError(`--vary '${text}': ${EXAMPLE}`);
  const rest = trimmed.slice(match[0].length);
  try {
    const name = match[2] ?? '';
    if (match[1] === 'child') return variation(`child ${name}`, CHILD_SETTINGS, rest, childApplier(model, name));
    if (match[1] === 'workload') {
      return variation(`workload ${name}`, WORKLOAD_SETTINGS, rest, workloadApplier(model, name));
    }
    if (match[3] === 'parent') return variation('parent', PARENT_SETTINGS, rest, parentApplier(model));
    return variation('hardware', HARDWARE_SETTINGS, rest, (setting, value) => (host) => setting.set(host, value));
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`--vary '${text}': ${error.message}`) : error;
  }
}

type Applier<T> = (setting: Setting<T>, value: number) => VariedValue['apply'];

function variation<T>(
  subject: string,
  settings: Readonly<Record<string, Setting<T>>>,
  rest: string,
  applier: Applier<T>,
): Variation {
  const name = Object.keys(settings).find((candidate) => startsWithWords(rest, candidate));
  const setting = name === undefined ? undefined : settings[name];
  if (name === undefined || setting === undefined) {
    const wrong = rest.split(/\s/)[0] ?? '';
    throw new UsageError(`'${wrong}' cannot be varied; of ${subject} these can: ${Object.keys(settings).join(', ')}`);
  }
  const written = rest.split(/\s+/).slice(name.split(' ').length).join(' ');
  const values = parseValues(written, setting).map(({ text, value }) => ({ text, apply: applier(setting, value) }));
  return { label: `${subject} ${name}`, values };
}

function startsWithWords(text: string, words: string): boolean {
  return ` ${text.replace(/\s+/g, ' ')} `.startsWith(` ${words} `);
}

function childApplier(model: HostModel, name: string): Applier<HostModel['children'][number]> {
  const names = model.children.map((child) => child.name);
  if (!names.includes(name)) throw new UsageError(`there is no child '${name}' (there is ${listed(names)})`);
  return (setting, value) => (host) => ({
    ...host,
    children: host.children.map((child) => (child.name === name ? setting.set(child, value) : child)),
  });
}

/** Every child that runs the workload gets the change. */
function workloadApplier(
  model: HostModel,
  name: string,
): Applier<NonNullable<HostModel['children'][number]['workload']>> {
  const names = new Set(model.children.flatMap(({ workload }) => workload?.name ?? []));
  if (!names.has(name)) throw new UsageError(`no child runs a workload '${name}' (they run ${listed([...names])})`);
  return (setting, value) => (host) => ({
    ...host,
    children: host.children.map((child) =>
      child.workload?.name === name ? { ...child, workload: setting.set(child.workload, value) } : child,
    ),
  });
}

function parentApplier(model: HostModel): Applier<NonNullable<HostModel['parent']>> {
  if (model.parent === null) throw new UsageError(`${model.hypervisor.architecture} has no parent`);
  return (setting, value) => (host) => ({ ...host, parent: host.parent && setting.set(host.parent, value) });
}

function listed(names: readonly string[]): string {
  return names.join(', ') || 'none';
}
