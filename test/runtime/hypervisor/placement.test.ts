import assert from 'node:assert/strict';
import type { RunResult } from '../../../src/protocol/run-result.js';
import { child, endless, host, IDEAL, INSTANT, run, withCosts, withLps } from '../hosts.js';

function costOf(result: RunResult, id: string): { count: number; totalNs: number } {
  return result.costs.find((cost) => cost.id === id) ?? { count: 0, totalNs: 0 };
}

describe('where a VP runs', () => {
  const caches = (lps: number, children: number, threadsPerCore = 1) => {
    const busy = Array.from({ length: children }, (_, i) => child(`c${i}`, { workload: endless() }));
    const base = withLps(withCosts(host({ children: busy }), IDEAL, INSTANT, { 'cache-refill': 10_000 }), lps);
    const processor = { ...base.hardware.processor, threadsPerCore };
    const { result } = run({ ...base, hardware: { ...base.hardware, processor } });
    return costOf(result, 'cache-refill');
  };

  it('costs it its warm caches when that is another core than before', () => {
    const { count, totalNs } = caches(2, 3);
    assert.ok(count > 100, `${count} moves`);
    assert.equal(totalNs, count * 10_000);
  });

  it('costs nothing as long as there is no other core', () => {
    assert.equal(caches(1, 3).count, 0);
    assert.equal(caches(1, 3, 2).count, 0, 'threads of a core share its caches');
  });
});
