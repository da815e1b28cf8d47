import assert from 'node:assert/strict';
import type { HostModel } from '../../../src/model/host-model.js';
import type { ScenarioAction } from '../../../src/model/scenario.js';
import { child, disk, host, INSTANT, partitionOf, run, scenario, withCosts, workload } from '../hosts.js';

const MB = 1024 ** 2;

function hostWith(workingSetBytes: number, action?: ScenarioAction): HostModel {
  const steps = [
    { atNs: 0, action: { kind: 'life' as const, verb: 'start' as const, target: { kind: 'all' as const } } },
    ...(action ? [{ atNs: 5e9, action }] : []),
  ];
  const web = child('web', {
    memory: { kind: 'static', startupBytes: 512 * MB },
    disks: [disk()],
    workload: workload({ memory: { workingSetBytes, perRequestBytes: 0 } }),
  });
  return withCosts(host({ children: [web], scenarios: [scenario({ steps })] }), INSTANT);
}

const play = (model: HostModel) => run(model, { scenario: 'S', horizonNs: 10e9 });

describe('a guest that needs more memory than it has', () => {
  it('reads the missing share of what its requests touch from its disk', () => {
    const { result } = play(hostWith(640 * MB));
    const { completed } = partitionOf(result, 'web').work!;
    const faults = result.costs.find(({ id }) => id === 'page-fault')!.count;
    // A fifth of the demand is missing, of 16 clusters each.
    assert.ok(Math.abs(faults / completed - 16 / 5) < 0.05, `${faults / completed} faults a request`);
    assert.equal(result.costs.find(({ id }) => id === 'page-fault')!.doubt, 'assumed');
  });

  it('does not when it has enough', () => {
    const { result } = play(hostWith(512 * MB));
    assert.equal(
      result.costs.find(({ id }) => id === 'page-fault'),
      undefined,
    );
  });

  it('is under pressure, however seldom somebody looks', () => {
    const model = hostWith(640 * MB);
    const [base] = model.scenarios;
    const pressure = {
      kind: 'metric' as const,
      text: 'web pressure > 124 %',
      target: { kind: 'child' as const, name: 'web' },
      metric: 'pressure' as const,
      statistic: 'mean' as const,
      comparison: '>' as const,
      value: 124,
      fromNs: 2e9,
      toNs: 9e9,
    };
    const watched = { ...model, scenarios: [{ ...base!, expectations: [pressure] }] };
    const { result } = run(watched, { scenario: 'S', horizonNs: 10e9, snapshotEveryNs: 10e9 });
    assert.deepEqual(
      result.expectations.map(({ met, seen }) => [met, seen]),
      [[true, 'mean was 125 %']],
    );
  });

  it('begins to when a scenario makes its working set larger', () => {
    const { snapshots, result } = play(hostWith(256 * MB, { kind: 'demand', child: 'web', bytes: 1024 * MB }));
    const demand = snapshots.map(({ partitions }) => partitions[1]!.memory.demandBytes / MB);
    assert.ok(demand.includes(256) && demand.at(-1) === 1024);
    assert.ok(result.costs.find(({ id }) => id === 'page-fault')!.count > 0);
  });
});
