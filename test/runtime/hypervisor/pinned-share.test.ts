import assert from 'node:assert/strict';
import type { Child, LimitKind } from '../../../src/model/host-model.js';
import { child, disk, host, IDEAL, INSTANT, partitionOf, run, withCosts, withLps, workload } from '../hosts.js';

const busy = (name: string, processors: Partial<Child['processors']>): Child =>
  child(name, {
    processors: { count: 1, reservePercent: 0, limitPercent: 100, weight: 100, ...processors },
    workload: workload({ arrival: { kind: 'closed', clients: 16, thinkNs: 0 }, cpuNs: 7e6 }),
  });

describe('a VP of the parent, pinned to its LP', () => {
  for (const limits of ['rate', 'budget'] as LimitKind[]) {
    it(`gets to its LP where every LP is wanted by VPs that could run elsewhere (limits as ${limits})`, () => {
      const children = [
        busy('pair', { count: 2, reservePercent: 27 }),
        busy('bound', { limitPercent: 74, weight: 878 }),
        busy('small', { weight: 10 }),
      ];
      const base = withCosts(withLps(host({ children }), 2), INSTANT, IDEAL);
      const { result } = run(
        {
          ...base,
          hypervisor: { ...base.hypervisor, limits },
          hardware: { ...base.hardware, memory: { ...base.hardware.memory, numaNodes: 1 } },
        },
        { horizonNs: 10e9 },
      );
      for (const { readyPercent } of partitionOf(result, 'parent').vpTimes)
        assert.ok(readyPercent < 10, `waits for ${readyPercent} % of the time`);
    });
  }

  it('gets to its LP although a heavy VP, which cannot use more than an LP, has had it all the time', () => {
    const children = [busy('heavy', { weight: 200 }), busy('other', {})];
    const io = workload({ arrival: { kind: 'open', requestsPerSecond: 50 }, cpuNs: 1e5, readBytes: 4096 });
    const base = withLps(host({ children: [...children, child('light', { disks: [disk()], workload: io })] }), 2);
    const model = withCosts(base, INSTANT, { 'parent-services': 300_000 });
    const parent = { ...model.parent!, reserve: { policy: 'manual' as const, cpuPercent: 0, memoryBytes: 2 ** 31 } };
    const { result } = run({ ...model, parent }, { horizonNs: 20e9 });
    for (const { readyPercent } of partitionOf(result, 'parent').vpTimes)
      assert.ok(readyPercent < 10, `waits for ${readyPercent} % of the time`);
    const { latencyNs } = partitionOf(result, 'light').work!;
    assert.ok(latencyNs!.mean < 10e6, `${latencyNs!.mean} ns`);
  });
});
