import type { HostModel } from '../model/host-model.js';

/** What a reader must know before trusting the numbers of a run of this model. */
export function runNotes(model: HostModel): string[] {
  const machines = model.children.filter(({ kind }) => kind === 'machine').map(({ name }) => `'${name}'`);
  if (machines.length === 0) return [];
  return [`${machines.join(', ')}: boots a real kernel and did not run here; \`hvhost boot\` runs it.`];
}
