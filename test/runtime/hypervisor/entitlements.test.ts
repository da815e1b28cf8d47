import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Entitlements } from '../../../src/runtime/hypervisor/entitlements.js';
import type { VpShare } from '../../../src/runtime/hypervisor/virtual-processors.js';
import { Timers } from '../../../src/runtime/timers.js';

function entitlements(shares: VpShare[], places: number): Entitlements | null {
  const timers = new Timers();
  const made = Entitlements.where(timers, shares, places, { parts: 500, near: 0.8 }, () => {});
  timers.seal();
  return made;
}

describe('entitlements', () => {
  const share = fc.record({
    reserve: fc.constantFrom(...Array<number>(150).fill(0), 0.1),
    limit: fc.constantFrom(1, 0.75, 0.5, 0.25),
    weight: fc.constantFrom(50, 100, 200),
  });

  it('are called needless only where dividing the period would have made no difference', () => {
    let needless = 0;
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 20, maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        (shares, places, wants) => {
          const made = entitlements(shares, places);
          const claimants = shares.filter((_, i) => wants[i]).length;
          if (made === null || !made.isNeedless(claimants)) return;
          needless++;
          assert.equal(
            made.begin((i) => wants[i]!),
            false,
          );
        },
      ),
      { numRuns: 2000, seed: 5 },
    );
    assert.ok(needless > 20, `${needless}`);
  });

  it('are called needless where a thousand equals with limits of a quarter share 64 processors', () => {
    const quarter = { reserve: 0, limit: 0.25, weight: 100 };
    const made = entitlements(Array<VpShare>(1000).fill(quarter), 64);
    assert.ok(made?.isNeedless(1000));
    assert.ok(made?.isNeedless(300) === false);
  });
});
