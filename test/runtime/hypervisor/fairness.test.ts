import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ClassicParameters, ClassicScheduler } from '../../../src/runtime/hypervisor/classic-scheduler.js';
import { CoreScheduler } from '../../../src/runtime/hypervisor/core-scheduler.js';
import { fairLevel, fairShare } from '../../../src/runtime/hypervisor/fair-level.js';
import type { Habit } from './habitual-guests.js';
import { Bench, BUSY, type Policy, SLICES } from './processors.js';
import { type Claim, faultOf, waterFilling } from './water-filling.js';

/** How many random hosts; thousands by hand. */
const RUNS = Number(process.env.HVHOST_RUNS ?? 40);

const weight = fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.constantFrom(50, 100, 200, 700));

const percent = (min: number) => fc.integer({ min, max: 100 }).map((each) => each / 100);

/** One machine of one or two VPs. */
const claim = fc.record({
  reserve: fc.oneof(fc.constantFrom(0, 0, 0.1, 0.25, 0.5), percent(0)),
  limit: fc.oneof(fc.constantFrom(1, 1, 0.75, 0.5, 0.3), percent(2)),
  weight,
  vps: fc.integer({ min: 1, max: 2 }),
});

interface Machine extends Claim {
  vps: number;
}

/** Grants as many of the reserves as fit, as admission sees to it, with something to spare. */
function fitting(places: number, claims: readonly Machine[]): Machine[] {
  let room = places * 0.9;
  return claims.map((each) => {
    const wanted = Math.min(each.reserve, each.limit);
    const reserve = wanted * each.vps <= room ? wanted : 0;
    room -= reserve * each.vps;
    return { ...each, reserve };
  });
}

const contest = fc
  .record({ places: fc.integer({ min: 1, max: 8 }), claims: fc.array(claim, { minLength: 1, maxLength: 11 }) })
  .map(({ places, claims }) => ({ places, claims: fitting(places, claims) }));

const classic =
  (parameters: Partial<ClassicParameters>): Policy =>
  (timers, vps, processors) =>
    new ClassicScheduler(timers, vps, processors, { ...SLICES, ...parameters });

const core: Policy = (timers, vps, processors) =>
  new CoreScheduler(timers, vps, processors, { ...SLICES, threadsPerCore: 2, guestThreadsPerCore: 2 });

/** How far everybody is from its share at most, over so many seconds. */
function farthest(bench: Bench, expected: readonly number[], seconds: number): number {
  bench.runUntil(seconds * 1e9);
  return Math.max(...bench.shares().map((share, vp) => Math.abs(share - expected[vp]!)));
}

const flat = (claims: readonly Machine[]) => claims.flatMap((each) => Array<Machine>(each.vps).fill(each));

describe('water-filling, the reference', () => {
  it('gives allocations that are max-min', () => {
    fc.assert(
      fc.property(contest, ({ places, claims }) => {
        assert.equal(faultOf(waterFilling(claims, places), claims, places), null);
      }),
      { numRuns: RUNS * 50 },
    );
  });

  it('is what schedulers divide a period by', () => {
    fc.assert(
      fc.property(contest, ({ places, claims }) => {
        const columns = {
          floor: Float64Array.from(claims, ({ reserve }) => reserve),
          ceiling: Float64Array.from(claims, ({ limit }) => limit),
          weight: Float64Array.from(claims, (each) => each.weight),
        };
        const level = fairLevel(places, columns);
        waterFilling(claims, places).forEach((expected, i) => {
          assert.ok(Math.abs(fairShare(level, columns, i) - expected) < 1e-9);
        });
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
});

describe('the max-min allocation of reserve, limit and weight', () => {
  const PER_VP: Record<string, Policy> = {
    classic: classic({}),
    'classic, with limits as rates': classic({ periodNs: 1e6 }),
    'that of ESXi': classic({ sliceNs: 50e6, minimumSliceNs: 50e6 }),
  };
  for (const [name, policy] of Object.entries(PER_VP)) {
    const seconds = name.includes('rates') ? 1 : 20;
    it(`is what the scheduler gives on any number of LPs (${name})`, () => {
      fc.assert(
        fc.property(contest, ({ places, claims }) => {
          const bench = new Bench(
            places,
            claims.map((each): Habit => ({ ...BUSY, ...each })),
            policy,
          );
          const expected = waterFilling(flat(claims), places);
          assert.ok(farthest(bench, expected, seconds) < 0.01, `${bench.shares()}, expected ${expected}`);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    });
  }

  it('is what the core scheduler gives virtual cores', () => {
    fc.assert(
      fc.property(contest, ({ places, claims: machines }) => {
        const claims = fitting(places, machines);
        const bench = new Bench(
          places * 2,
          claims.map((each): Habit => ({ ...BUSY, ...each })),
          core,
        );
        const cores = waterFilling(claims, places);
        const expected = claims.flatMap(({ vps }, i) => Array<number>(vps).fill(cores[i]!));
        assert.ok(farthest(bench, expected, 20) < 0.01, `${bench.shares()}, expected ${expected}`);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });

  it('is what the fair scheduler gives where there are no quotas, or one LP', () => {
    const fair = classic({
      sliceNs: 24e6,
      minimumSliceNs: 3e6,
      periodNs: 100e6,
      wakeBonusNs: 12e6,
      entitlements: null,
    });
    fc.assert(
      fc.property(contest, fc.boolean(), ({ places, claims: machines }, hasQuotas) => {
        const lps = hasQuotas ? 1 : places;
        const claims = machines.map((each) => ({ ...each, reserve: 0, limit: hasQuotas ? each.limit : 1 }));
        const bench = new Bench(
          lps,
          claims.map((each): Habit => ({ ...BUSY, ...each })),
          fair,
        );
        const expected = waterFilling(flat(claims), lps);
        assert.ok(farthest(bench, expected, 20) < 0.01, `${bench.shares()}, expected ${expected}`);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});
