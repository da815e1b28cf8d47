import assert from 'node:assert/strict';
import type { CpuGroup, HostModel, SchedulerKind } from '../../../src/model/host-model.js';
import { child, endless, host, IDEAL, INSTANT, partitionOf, run, withCosts, withLps, workload } from '../hosts.js';

const HALF: CpuGroup = { name: 'Half', limitPercent: 50 };

function busy(name: string, count: number, group?: string, limitPercent = 100) {
  const work = workload({ arrival: { kind: 'closed', clients: 4 * count, thinkNs: 0 }, cpuNs: 3e6 });
  return child(name, {
    processors: { count, reservePercent: 0, limitPercent, weight: 100, group },
    workload: count > 0 ? work : endless(),
  });
}

function serve(children: HostModel['children'], cpuGroups: CpuGroup[], scheduler: SchedulerKind, costs = {}) {
  const base = withLps(host({ children, cpuGroups }), 4);
  const hyperV = { ...base, hypervisor: { ...base.hypervisor, release: '2016', scheduler } };
  return run(withCosts(hyperV, IDEAL, INSTANT, costs), { horizonNs: 20e9 }).result;
}

function shares(children: HostModel['children'], cpuGroups: CpuGroup[], scheduler: SchedulerKind = 'classic') {
  const result = serve(children, cpuGroups, scheduler);
  return children.map(({ name }) => partitionOf(result, name).cpuPercent);
}

function near(seen: number, expected: number, tolerance = 0.5): void {
  assert.ok(Math.abs(seen - expected) < tolerance, `${seen} %, expected ${expected} %`);
}

describe('a CPU group', () => {
  for (const scheduler of ['classic', 'core'] as const) {
    it(`holds all its children together to its part of the host, and leaves the rest to others (${scheduler})`, () => {
      const children = [busy('a', 4, 'Half'), busy('b', 2, 'Half'), busy('c', 4)];
      const [a, b, c] = shares(children, [HALF], scheduler);
      near(a! + b!, 50);
      near(c!, 50, 1);
    });
  }

  it('holds even where nobody else wants the processors', () => {
    near(shares([busy('a', 4, 'Half')], [HALF])[0]!, 50);
    near(shares([busy('a', 1, 'Tenth')], [{ name: 'Tenth', limitPercent: 10 }])[0]!, 10);
  });

  it('leaves a child its own limit inside', () => {
    const [a, b] = shares([busy('a', 4, 'Half', 10), busy('b', 4, 'Half')], [HALF]);
    near(a!, 10);
    near(b!, 40);
  });

  it('holds with any least grant, which decides how often its VPs come back for more', () => {
    const [fine, coarse] = [20e3, 5e6].map((grantNs) => {
      const result = serve([busy('a', 4, 'Half')], [HALF], 'classic', { 'group-grant': grantNs });
      near(partitionOf(result, 'a').cpuPercent, 50);
      return result.engineEvents;
    });
    assert.ok(fine! > coarse!, `${fine} events with small grants, ${coarse} with large ones`);
  });

  it('has no effect on who is in no group', () => {
    near(shares([busy('a', 4)], [HALF])[0]!, 100);
  });
});
