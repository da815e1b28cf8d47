import type { HostModel } from '../model/host-model.js';
import type { Scenario } from '../model/scenario.js';
import { UsageError } from './exit.js';

/** Throws UsageError where the host has no scenario of that name. */
export function findScenario(model: HostModel, name: string): Scenario {
  const scenario = model.scenarios.find((candidate) => candidate.name === name);
  if (scenario !== undefined) return scenario;
  const names = model.scenarios.map((candidate) => candidate.name).join(', ');
  throw new UsageError(`there is no scenario '${name}' on ${model.name} (there is ${names || 'none'})`);
}
