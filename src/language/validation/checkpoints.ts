import {
  isCheckpointAction,
  isDeleteCheckpointAction,
  isRevertAction,
  type ScenarioDeclaration,
} from '../generated/ast.js';
import { soundValue } from '../quantity.js';
import type { Report } from './report.js';

/** Every checkpoint that a step goes back to, or deletes, is there at that time, and one that it makes is not. */
export function checkCheckpoints(scenario: ScenarioDeclaration, report: Report): void {
  const steps = scenario.steps
    .map((step) => ({ timeNs: soundValue(step.time) ?? 0, action: step.action }))
    .sort((a, b) => a.timeNs - b.timeNs);
  const made = new Set<string>();
  for (const { action } of steps) {
    if (!isCheckpointAction(action) && !isRevertAction(action) && !isDeleteCheckpointAction(action)) continue;
    const { checkpoint } = action;
    const child = action.child?.$refText;
    if (checkpoint === undefined || child === undefined) continue;
    const key = `${child} ${checkpoint}`;
    if (isCheckpointAction(action)) {
      if (made.has(key)) {
        const place = { node: action, property: 'checkpoint' } as const;
        report('HV615', `'${child}' has a checkpoint '${checkpoint}' already at this time.`, place);
      }
      made.add(key);
      continue;
    }
    if (!made.has(key)) {
      const place = { node: action, property: 'checkpoint' } as const;
      report('HV611', `'${child}' has no checkpoint '${checkpoint}' at this time.`, place);
    } else if (isDeleteCheckpointAction(action)) made.delete(key);
  }
}
