import type { Child, HostModel } from '../model/host-model.js';
import type { Scenario } from '../model/scenario.js';
import type { RunOptions } from '../protocol/protocol.js';
import { type BuiltHost, buildHost } from './build-host.js';
import type { ChildListener } from './parent/child-machine.js';
import type { RunCommons } from './run-commons.js';

/** The peers that a scenario names: they take part in its run. */
export function peersOf(model: HostModel, scenario: Scenario | null): HostModel[] {
  const named = new Set(
    scenario?.steps.flatMap(({ host, action }) => [host, action.kind === 'migrate' ? action.to : undefined]),
  );
  return (model.peers ?? []).filter(({ name }) => named.has(name));
}

/** Puts the hosts of a run together, switched off: the one it is about, and then its peers. */
export function buildRun(
  model: HostModel,
  scenario: Scenario | null,
  { seed, trace }: RunOptions,
  commons: RunCommons,
  listener: ChildListener,
): BuiltHost[] {
  const models = [model, ...peersOf(model, scenario)];
  const migrants = migrantsOf(models, scenario);
  const visitorsOf = (host: HostModel) => migrants.filter(({ from, hosts }) => from !== host && hosts.has(host.name));
  const hosts = models.map((host, i) =>
    buildHost(
      host,
      {
        commons,
        peer: i === 0 ? null : host.name,
        // Equal hosts are not to be equal in what is random about them.
        seed: seed + i,
        trace: trace && i === 0,
        visitors: visitorsOf(host).map(({ child }) => child),
      },
      listener,
    ),
  );
  models.forEach((host, i) => {
    for (const { from, child } of visitorsOf(host)) {
      const home = hosts[models.indexOf(from)]!;
      hosts[i]!.addVisitor(home.children[from.children.indexOf(child)]!);
    }
  });
  return hosts;
}

interface Migrant {
  child: Child;
  from: HostModel;
  /** The names of the hosts it may come to. */
  hosts: Set<string>;
}

function migrantsOf(models: readonly HostModel[], scenario: Scenario | null): Migrant[] {
  const migrants: Migrant[] = [];
  for (const { host, action } of scenario?.steps ?? []) {
    if (action.kind !== 'migrate') continue;
    const from = host === undefined ? models[0] : models.find(({ name }) => name === host);
    const child = from?.children.find(({ name }) => name === action.child);
    if (!from || !child) continue;
    const known = migrants.find((migrant) => migrant.child === child);
    if (known) known.hosts.add(action.to);
    else migrants.push({ child, from, hosts: new Set([action.to]) });
  }
  return migrants;
}
