import type { Child, HostModel } from '../../model/host-model.js';
import type { Expectation, Scenario, Target } from '../../model/scenario.js';

/** A host with several of one child, and a scenario in which each of them is held to what is expected. */
export interface HostOfCopies {
  model: HostModel;
  scenario: string;
}

/**
 * `count` copies of a child, the first of them itself, one behind the other in the order of start; with 0 the host
 * without it. What a scenario does to the child, it does to every copy; without a scenario children start by themselves.
 */
export function withCopies(
  host: HostModel,
  name: string,
  count: number,
  scenario: string | null,
  expectations: readonly ((child: string) => Expectation)[],
): HostOfCopies {
  const taken = new Set(host.children.map((child) => child.name));
  const names = copyNames(name, count, taken);
  const children = host.children.flatMap((child) =>
    child.name === name ? names.map((copy) => copyOf(child, copy)) : [child],
  );
  const played = host.scenarios.find((candidate) => candidate.name === scenario) ?? startOf(host);
  const copied: Scenario = {
    ...played,
    steps: played.steps.flatMap((step) =>
      actsOn(step.action, name) ? names.map((copy) => ({ ...step, action: aimed(step.action, copy) })) : [step],
    ),
    expectations: [
      ...played.expectations.flatMap((expectation) =>
        isChild(expectation.target, name)
          ? names.map((copy) => ({ ...expectation, target: { kind: 'child', name: copy } as const }))
          : [expectation],
      ),
      ...expectations.flatMap((expectation) => names.map(expectation)),
    ],
  };
  return { model: { ...host, children, scenarios: [copied] }, scenario: copied.name };
}

function copyNames(name: string, count: number, taken: ReadonlySet<string>): string[] {
  const names = [name].slice(0, count);
  for (let number = 2; names.length < count; number++) {
    if (!taken.has(`${name}-${number}`)) names.push(`${name}-${number}`);
  }
  return names;
}

/** A copy has disks of its own. */
function copyOf(child: Child, name: string): Child {
  if (name === child.name) return child;
  return { ...child, name, disks: child.disks.map((disk) => ({ ...disk, file: `${name}/${disk.file}` })) };
}

/** What happens without a scenario, as a scenario: only these have expectations. */
function startOf(host: HostModel): Scenario {
  const steps = host.children
    .filter(({ start }) => start.action !== 'never')
    .map(({ name, start }) => ({
      atNs: start.delayNs,
      action: { kind: 'life', verb: 'start', target: { kind: 'child', name } } as const,
    }));
  return { name: 'start', steps: steps.sort((a, b) => a.atNs - b.atNs), expectations: [] };
}

type Action = Scenario['steps'][number]['action'];

function actsOn(action: Action, name: string): boolean {
  if (action.kind === 'life') return isChild(action.target, name);
  return 'child' in action && action.child === name;
}

function aimed(action: Action, name: string): Action {
  if (action.kind === 'life') return { ...action, target: { kind: 'child', name } };
  return 'child' in action ? { ...action, child: name } : action;
}

function isChild(target: Target, name: string): boolean {
  return target.kind === 'child' && target.name === name;
}
