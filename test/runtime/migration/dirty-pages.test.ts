import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DirtyPages } from '../../../src/runtime/migration/dirty-pages.js';
import { CostLedger } from '../../../src/runtime/trace/cost-ledger.js';
import { host, withCosts, workload } from '../hosts.js';
import { PAGE, S } from './two-hosts.js';

const quiet = new CostLedger(withCosts(host(), { 'dirty-idle': 0 }));
const dirtied = (requests: number, pagesPerRequest: number, hotPages: number | null, assigned = 1e6) => {
  const hot = hotPages === null ? {} : { hotSetBytes: hotPages * PAGE };
  const pages = new DirtyPages(workload({ dirties: { perRequestBytes: pagesPerRequest * PAGE, ...hot } }));
  pages.watch(quiet, assigned, 0);
  for (let n = 0; n < requests; n++) pages.request();
  return pages;
};

describe('dirty pages', () => {
  it('are as many as chance expects: H (1 - (1 - p/H)^n)', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 50, max: 5000 }), (n, p, h) => {
        const expected = h * (1 - (1 - p / h) ** n);
        assert.ok(Math.abs(dirtied(n, p, h).take(0) - expected) <= 1);
      }),
    );
  });

  it('grow without end where no hot set is said, but not beyond what the guest has', () => {
    assert.equal(dirtied(1000, 24, null).take(0), 24_000);
    assert.equal(dirtied(1000, 24, null, 5000).take(0), 5000);
  });

  it('are clean again once they were taken', () => {
    const pages = dirtied(10, 5, null);
    assert.equal(pages.take(S), 50);
    assert.equal(pages.take(2 * S), 0);
  });

  it('come from the operating system as well, up to what it writes to by itself', () => {
    const busy = new CostLedger(withCosts(host(), { 'dirty-idle': 100 * PAGE, 'dirty-idle-set': 250 * PAGE }));
    const pages = new DirtyPages(null);
    pages.watch(busy, 1e6, 0);
    assert.equal(pages.take(2 * S), 200);
    assert.equal(pages.take(60 * S), 250);
  });

  it('are not counted while nobody looks', () => {
    const pages = dirtied(10, 5, null);
    pages.stop();
    pages.request();
    assert.equal(pages.take(0), 50);
  });
});
