import assert from 'node:assert/strict';
import type { Architecture, HostModel } from '../../src/model/host-model.js';
import { ARCHITECTURES } from '../../src/runtime/architecture/architectures.js';
import { cathedral, child, endless, host, IDEAL, INSTANT, partitionOf, run, withCosts, withLps } from './hosts.js';

function ideal(model: HostModel, parts: Partial<HostModel['hypervisor']> = {}): HostModel {
  return { ...model, hypervisor: { ...model.hypervisor, ...parts, scheduler: 'ideal' } };
}

const processors = (count: number, parts: Partial<HostModel['children'][number]['processors']> = {}) => ({
  count,
  reservePercent: 0,
  limitPercent: 100,
  weight: 100,
  ...parts,
});

describe('a host with the ideal scheduler', () => {
  it('runs a whole definition, the same twice, and says that no real one is like that', () => {
    const model = ideal(cathedral());
    const { snapshots, result } = run(model);
    assert.equal(run(model, { snapshotEveryNs: 0.3e9 }).result.traceHash, result.traceHash);
    assert.match(result.notes[0]!, /^The scheduler is ideal: .* No real one does that/);
    const said = snapshots.flatMap(({ events }) => events).filter(({ title }) => title.includes('scheduler'));
    assert.deepEqual(
      said.map(({ title }) => title),
      ['ideal scheduler: a reference, not a real one'],
    );
    assert.ok(partitionOf(result, 'web').cpuPercent > 0);
    assert.deepEqual(
      result.costs.filter(({ id }) => id === 'context-switch' || id === 'cache-refill'),
      [],
    );
  });

  for (const architecture of Object.keys(ARCHITECTURES) as Architecture[]) {
    it(`is in the place of the scheduler of ${architecture}`, () => {
      const base = withCosts(withLps(host(), 2), IDEAL, INSTANT);
      const children = [
        child('one', { workload: endless(), processors: processors(2, { weight: 100 }) }),
        child('two', { workload: endless(), processors: processors(2, { weight: 300 }) }),
      ];
      const parent = architecture === 'esxi' ? null : base.parent;
      const { result } = run(ideal({ ...base, children, parent }, { architecture, release: null }));
      const [one, two] = ['one', 'two'].map((name) => partitionOf(result, name).cpuPercent);
      // To a host operating system all machines are equal; the others weigh.
      const expected = architecture === 'hosted' ? 50 : 25;
      assert.ok(Math.abs(one! - expected) < 1 && Math.abs(two! - (100 - expected)) < 1, `${one}, ${two}`);
    });
  }

  it('keeps CPU groups', () => {
    const base = withCosts(withLps(host({ cpuGroups: [{ name: 'Half', limitPercent: 50 }] }), 4), IDEAL, INSTANT);
    const children = [
      child('in', { workload: endless(), processors: processors(4, { group: 'Half' }) }),
      child('out', { workload: endless(), processors: processors(1) }),
    ];
    const { result } = run(ideal({ ...base, children }, { release: '2016' }));
    assert.ok(Math.abs(partitionOf(result, 'in').cpuPercent - 50) < 0.5);
    assert.ok(Math.abs(partitionOf(result, 'out').cpuPercent - 25) < 0.5);
  });

  it('spreads VPs over the threads of cores, and counts what that costs', () => {
    const base = withCosts(withLps(host(), 2), IDEAL, INSTANT);
    const processor = { ...base.hardware.processor, threadsPerCore: 2 };
    const children = [child('all', { workload: endless(), processors: processors(4) })];
    const { result } = run(ideal({ ...base, children, hardware: { ...base.hardware, processor } }));
    const all = partitionOf(result, 'all');
    assert.ok(all.cpuPercent > 99, `${all.cpuPercent} %`);
    const contention = result.costs.find(({ id }) => id === 'smt-contention')!.totalNs;
    const work = result.costs.find(({ id }) => id === 'workload')!.totalNs;
    assert.ok(Math.abs(work / (work + contention) - 0.625) < 0.01, `${work} of ${work + contention}`);
    assert.match(result.notes[0]!, /threads of a core/);
  });
});
