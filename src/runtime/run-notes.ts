import { whyMemoryIsFixed } from '../model/dynamic-memory.js';
import type { HostModel } from '../model/host-model.js';
import { modelledChildren } from '../model/modelled-children.js';
import type { ArchitectureDescription } from './architecture/architecture.js';
import { idealNotes } from './architecture/ideal-scheduling.js';

/** What a reader must know before trusting the numbers of a run of this model. */
export function runNotes(model: HostModel, architecture: ArchitectureDescription): string[] {
  const notes = [
    ...idealNotes(model),
    ...architecture.notes(model),
    ...groupNotes(model, architecture),
    ...memoryNotes(model),
    ...networkNotes(model),
  ];
  const machines = model.children.filter(({ kind }) => kind === 'machine').map(({ name }) => `'${name}'`);
  if (machines.length === 0) return notes;
  return [...notes, `${machines.join(', ')}: boots a real kernel and did not run here; \`hvhost boot\` runs it.`];
}

function groupNotes(model: HostModel, { title }: ArchitectureDescription): string[] {
  const grouped = model.children.filter(({ processors }) => processors.group !== undefined).map(({ name }) => name);
  if (grouped.length === 0 || model.hypervisor.architecture === 'hyper-v') return [];
  return [`${title} has no CPU groups: those of ${grouped.join(', ')} had no effect.`];
}

function networkNotes({ children }: HostModel): string[] {
  return children.flatMap(({ name, kind, sendsTo, nics }) => {
    if (kind === 'machine') return [];
    const peer = children.find((child) => child.name === sendsTo);
    const bypassed = nics.some(({ sriov, bandwidth }) => sriov && bandwidth !== undefined);
    return [
      ...(peer?.kind === 'machine'
        ? [`'${name}' sends to '${peer.name}', which is not there: its requests fail.`]
        : []),
      ...(bypassed ? [`'${name}': what goes through a virtual function passes limit and minimum of its adapter.`] : []),
    ];
  });
}

function memoryNotes(model: HostModel): string[] {
  const dynamic = modelledChildren(model).filter(({ memory }) => memory.kind === 'dynamic');
  const namesByReason = new Map<string, string[]>();
  for (const child of dynamic) {
    const why = whyMemoryIsFixed(model, child);
    if (why !== null) namesByReason.set(why, [...(namesByReason.get(why) ?? []), `'${child.name}'`]);
  }
  const fixed = [...namesByReason].map(([why, names]) => `Startup memory is kept by ${names.join(', ')}: ${why}.`);
  const unsaid = dynamic
    .filter((child) => whyMemoryIsFixed(model, child) === null && child.workload?.memory === undefined)
    .map(({ name }) => `'${name}'`);
  if (unsaid.length === 0) return fixed;
  return [
    ...fixed,
    `${unsaid.join(', ')}: no workload says what memory is needed; assumed is what it starts with, less the buffer.`,
  ];
}
