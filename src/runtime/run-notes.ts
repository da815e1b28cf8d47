import type { HostModel } from '../model/host-model.js';
import type { ArchitectureDescription } from './architecture/architecture.js';

/** What a reader must know before trusting the numbers of a run of this model. */
export function runNotes(model: HostModel, architecture: ArchitectureDescription): string[] {
  const machines = model.children.filter(({ kind }) => kind === 'machine').map(({ name }) => `'${name}'`);
  const notes = architecture.notes(model);
  if (machines.length === 0) return notes;
  return [...notes, `${machines.join(', ')}: boots a real kernel and did not run here; \`hvhost boot\` runs it.`];
}
