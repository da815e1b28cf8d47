import type { HostModel } from '../model/host-model.js';
import { schedulerNotice } from './hypervisor/scheduler-choice.js';

/** What a reader must know before trusting the numbers of a run of this model. */
export function runNotes(model: HostModel): string[] {
  const machines = model.children.filter(({ kind }) => kind === 'machine').map(({ name }) => `'${name}'`);
  const scheduler = schedulerNotice(model);
  return [
    ...(scheduler === undefined ? [] : [`The classic scheduler stood in: ${scheduler}.`]),
    ...(machines.length === 0
      ? []
      : [`${machines.join(', ')}: boots a real kernel and did not run here; \`hvhost boot\` runs it.`]),
  ];
}
