import type { Child, HostModel } from '../../src/model/host-model.js';
import type { Scenario, ScenarioAction } from '../../src/model/scenario.js';
import { child, host, INSTANT, type Ran, run, scenario, withCosts } from './hosts.js';

export interface Plugging {
  steps: [seconds: number, action: ScenarioAction][];
  web?: Partial<Child>;
  hypervisor?: Partial<HostModel['hypervisor']>;
  costs?: Record<string, number>;
}

/** Plays the steps on a host whose child `web` is this one. */
export function playOnWeb(own: Partial<Child>, { steps, web, hypervisor, costs }: Plugging): Ran {
  const base = host({
    children: [child('web', { ...own, ...web })],
    scenarios: [scenario({ steps: steps.map(([at, action]) => ({ atNs: at * 1e9, action })) as Scenario['steps'] })],
  });
  const model = { ...base, hypervisor: { ...base.hypervisor, release: '2022', ...hypervisor } };
  return run(withCosts(model as HostModel, INSTANT, costs ?? {}), { scenario: 'S' });
}

/** Work of `web` in each second after the host was ready. */
export const secondsOf = ({ snapshots, result }: Ran) =>
  snapshots
    .filter(({ timeNs }) => timeNs > result.readyNs)
    .map(({ partitions }) => partitions.find(({ name }) => name === 'web')!.work!);
const eventsOf = ({ snapshots, result }: Ran) => [...snapshots, result.total].flatMap((each) => each.events);
export const titlesOf = (ran: Ran) => eventsOf(ran).map(({ title }) => title);
