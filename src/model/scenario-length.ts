import type { Scenario } from './scenario.js';

/** Virtual time to run after the last moment that a scenario names, so that its effect is seen. */
const AFTERMATH_NS = 10e9;

/** How long a scenario takes when nobody says: to the last moment it names, and a little longer. In nanoseconds. */
export function scenarioLengthNs(scenario: Scenario): number {
  const moments = [
    ...scenario.steps.map((step) => step.atNs),
    ...scenario.expectations.flatMap(({ fromNs, toNs }) => [fromNs, toNs ?? 0]),
  ];
  return Math.max(0, ...moments) + AFTERMATH_NS;
}
