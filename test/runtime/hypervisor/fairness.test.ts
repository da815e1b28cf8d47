import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Bench, BUSY, type Habit, SLICES } from './processors.js';
import { type Claim, faultOf, waterFilling } from './water-filling.js';

/** How many random hosts; thousands by hand. */
const RUNS = Number(process.env.HVHOST_RUNS ?? 40);

const weight = fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.constantFrom(50, 100, 200, 700));

const claim = fc.record({
  reserve: fc.constantFrom(0, 0, 0.1, 0.25, 0.5),
  limit: fc.constantFrom(1, 1, 0.75, 0.5, 0.3),
  weight,
});

/** Grants as many of the reserves as fit, as admission sees to it, with something to spare. */
function fitting(lps: number, claims: readonly Claim[]): Claim[] {
  let room = lps * 0.9;
  return claims.map((each) => {
    const wanted = Math.min(each.reserve, each.limit);
    const reserve = wanted <= room ? wanted : 0;
    room -= reserve;
    return { ...each, reserve };
  });
}

const contest = fc
  .record({ lps: fc.integer({ min: 1, max: 4 }), claims: fc.array(claim, { minLength: 1, maxLength: 10 }) })
  .map(({ lps, claims }) => ({ lps, claims: fitting(lps, claims) }));

describe('water-filling, the reference', () => {
  it('gives allocations that are max-min', () => {
    fc.assert(
      fc.property(contest, ({ lps, claims }) => {
        assert.equal(faultOf(waterFilling(claims, lps), claims, lps), null);
      }),
      { numRuns: RUNS * 50 },
    );
  });

  it('gives the example worked by hand', () => {
    const claims = [
      { reserve: 2, limit: 12, weight: 100 },
      { reserve: 0, limit: 4, weight: 200 },
      { reserve: 0, limit: 12, weight: 700 },
      { reserve: 0, limit: 0.5, weight: 100 },
    ];
    const shares = waterFilling(claims, 12);
    [2, 9.5 * (2 / 9), 9.5 * (7 / 9), 0.5].forEach((expected, i) => {
      assert.ok(Math.abs(shares[i]! - expected) < 1e-9, `${shares}`);
    });
  });
});

describe('fairness of the classic scheduler', () => {
  it('keeps everybody within the bound of start-time fair queueing of its fluid share, at every moment', () => {
    // |W_f/w_f - W_m/w_m| <= l/w_f + l/w_m (Goyal, Vin and Cheng 1996), summed over all m by weight; l is a slice.
    const one = fc.array(weight, { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(one, fc.integer({ min: 300_000, max: 60_000_000 }), (weights, computeNs) => {
        const bench = new Bench(
          1,
          weights.map((each): Habit => ({ computeNs, sleepNs: 0, weight: each })),
        );
        const all = weights.reduce((sum, each) => sum + each, 0);
        bench.runUntil(3e9, () => {
          bench.lps.account();
          weights.forEach((own, vp) => {
            const lag = Math.abs(bench.vps.runNs[vp]! - (bench.timers.nowNs * own) / all);
            const bound = SLICES.sliceNs * ((all - own) / all + ((weights.length - 1) * own) / all);
            assert.ok(lag <= bound + 1, `weight ${own} of ${all}: ${lag} ns, bound ${bound}`);
          });
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('keeps equals within two slices of one another on any number of processors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 14 }), (lps, vps) => {
        const bench = new Bench(lps, Array<Habit>(Math.max(lps, vps)).fill(BUSY));
        bench.runUntil(3e9, () => {
          bench.lps.account();
          const spread = Math.max(...bench.vps.runNs) - Math.min(...bench.vps.runNs);
          assert.ok(spread <= 2 * SLICES.sliceNs, `${spread} ns apart`);
        });
      }),
      { numRuns: RUNS },
    );
  });

  it('shares what reserves leave by weight, however small a part of a period that is', () => {
    const claims = [
      { reserve: 0.5, limit: 1, weight: 3745 },
      { reserve: 0.1, limit: 1, weight: 3124 },
      { reserve: 0.25, limit: 1, weight: 8359 },
    ];
    const bench = new Bench(
      1,
      claims.map((each): Habit => ({ ...BUSY, ...each })),
    );
    bench.runUntil(20e9);
    const shares = bench.shares();
    waterFilling(claims, 1).forEach((expected, vp) => {
      assert.ok(Math.abs(shares[vp]! - expected) < 0.002, `${shares}`);
    });
  });

  // On several LPs budgets cost something: reserves go first in a period all at once, and limits are used up together,
  // so that at its end there may be fewer who can run than LPs. docs/engine.md says so.
  const onOneLp = contest.map(({ claims }) => ({ lps: 1, claims: fitting(1, claims) }));
  const byWeight = contest.map(({ lps, claims }) => ({
    lps,
    claims: claims.map((each) => ({ ...each, reserve: 0, limit: 1 })),
  }));

  it('comes to the max-min allocation of reserve, limit and weight', () => {
    fc.assert(
      fc.property(fc.oneof(onOneLp, byWeight), ({ lps, claims }) => {
        const bench = new Bench(
          lps,
          claims.map((each): Habit => ({ ...BUSY, ...each })),
        );
        bench.runUntil(20e9);
        const expected = waterFilling(claims, lps);
        bench.shares().forEach((share, vp) => {
          assert.ok(Math.abs(share - expected[vp]!) < 0.01, `${vp}: ${share}, expected ${expected[vp]} of ${expected}`);
        });
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});
