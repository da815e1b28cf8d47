import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Habit } from '../habitual-guests.js';
import { BUSY } from '../processors.js';
import { waterFilling } from '../water-filling.js';
import { IdealBench } from './ideal-bench.js';
import { naiveFluid } from './naive-fluid.js';

const RUNS = Number(process.env.HVHOST_RUNS ?? 40);
const SECOND = 1e9;

const habit = fc.record({
  computeNs: fc.integer({ min: 90_000, max: 9_000_000 }),
  sleepNs: fc.integer({ min: 50_000, max: 9_000_000 }),
  reserve: fc.constantFrom(0, 0, 0.05, 0.1),
  limit: fc.constantFrom(1, 1, 0.75, 0.5, 0.3),
  weight: fc.oneof(fc.constantFrom(50, 100, 200), fc.integer({ min: 1, max: 10_000 })),
});

const busy = (count: number, parts: Partial<Habit> = {}) => Array<Habit>(count).fill({ ...BUSY, ...parts });
const sum = (all: ArrayLike<number>) => Array.from(all).reduce((a, b) => a + b, 0);

/** Cores of two threads, and what that was charged. */
const smt = () => {
  const charged = { ns: 0 };
  const contention = {
    chargeNs: (ns: number) => {
      charged.ns += ns;
      return ns;
    },
  };
  return { cost: { threadsPerCore: 2, throughputPercent: 125, contention }, charged };
};

describe('ideal processors', () => {
  it('share by weight, to the nanosecond', () => {
    const bench = new IdealBench(
      1,
      [100, 200, 700].map((weight) => ({ ...BUSY, weight })),
    );
    bench.runUntil(SECOND);
    const { nowNs } = bench.timers;
    [0.1, 0.2, 0.7].forEach((share, vp) => {
      assert.ok(Math.abs(bench.vps.runNs[vp]! - share * nowNs) <= 1, `${bench.vps.runNs[vp]} of ${nowNs}`);
    });
  });

  it('give a limit as a rate, and count what is left of the time as ready', () => {
    const bench = new IdealBench(16, busy(8, { limit: 0.25, computeNs: 1e6 }));
    bench.runUntil(SECOND);
    const { nowNs } = bench.timers;
    assert.equal(nowNs, SECOND);
    for (let vp = 0; vp < 8; vp++) {
      assert.equal(bench.vps.runNs[vp], 0.25 * SECOND);
      assert.equal(bench.vps.readyNs[vp], 0.75 * SECOND);
    }
    assert.equal(sum(bench.lps.times.busyNs), 0.125 * 16 * SECOND);
    assert.equal(Math.max(...bench.lps.times.busyNs) - Math.min(...bench.lps.times.busyNs), 0);
  });

  it('end a burst in the nanosecond in which its work is done', () => {
    // Three on one LP: a third of the time each, so that the first burst of 10 ns takes 30.
    const bench = new IdealBench(
      1,
      [10, 11, 1000].map((computeNs) => ({ computeNs, sleepNs: SECOND })),
    );
    const ends: number[] = [];
    bench.runUntil(100, () => ends.push(bench.timers.nowNs));
    // From then on two have half each: the second has 1 ns left, and takes 2.
    assert.deepEqual(ends, [30, 32]);
  });

  it('give everybody the max-min share of reserve, limit and weight', () => {
    const claim = fc.record({
      reserve: fc.constantFrom(0, 0, 0.1, 0.2),
      limit: fc.integer({ min: 20, max: 100 }).map((each) => each / 100),
      weight: fc.integer({ min: 1, max: 10_000 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 8 }), fc.array(claim, { minLength: 1, maxLength: 14 }), (lps, claims) => {
        const bench = new IdealBench(
          lps,
          claims.map((each) => ({ ...BUSY, ...each })),
        );
        bench.runUntil(0.05 * SECOND);
        waterFilling(claims, lps).forEach((share, vp) => {
          const expected = share * bench.timers.nowNs;
          assert.ok(Math.abs(bench.vps.runNs[vp]! - expected) <= 2, `${bench.vps.runNs[vp]}, expected ${expected}`);
        });
      }),
      { numRuns: RUNS * 25 },
    );
  });

  it('do with those who compute and sleep what the definition of a fluid says', () => {
    const hosts = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.array(habit, { minLength: 1, maxLength: 9 }));
    fc.assert(
      fc.property(hosts, ([lps, habits]) => {
        const bench = new IdealBench(lps, habits);
        let events = 0;
        bench.runUntil(20e6, () => events++);
        const expected = naiveFluid(lps, habits, bench.timers.nowNs);
        // Bursts end in whole nanoseconds here: whoever has few of them is exact, and errors add up for the others.
        const allowed = 2 + events;
        habits.forEach((_, vp) => {
          const off = Math.abs(bench.vps.runNs[vp]! - expected.ranNs[vp]!);
          assert.ok(off <= allowed, `VP ${vp} is off by ${off} ns after ${events} events`);
        });
      }),
      { numRuns: RUNS * 5 },
    );
  });

  it('are looked at without effect, and the same twice', () => {
    const hosts = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.array(habit, { minLength: 1, maxLength: 9 }));
    fc.assert(
      fc.property(hosts, ([lps, habits]) => {
        const [one, other] = [new IdealBench(lps, habits), new IdealBench(lps, habits)];
        one.runUntil(20e6);
        other.runUntil(20e6, () => other.lps.account());
        assert.equal(one.timers.traceHash(), other.timers.traceHash());
        assert.deepEqual(one.vps.runNs, other.vps.runNs);
        assert.deepEqual(one.vps.readyNs, other.vps.readyNs);
      }),
      { numRuns: RUNS * 5 },
    );
  });

  it('keep their clocks exact over days', () => {
    for (const cost of [null, smt().cost]) {
      // Of two LPs, one is for the first VP alone, and the others share the second.
      const bench = new IdealBench(
        2,
        [1, 1e-3, 2e-3].map((weight) => ({ computeNs: 7e9, sleepNs: 0, weight })),
        cost,
      );
      bench.runUntil(3 * 86_400 * SECOND);
      const { nowNs } = bench.timers;
      [1, 1 / 3, 2 / 3].forEach((share, vp) => {
        const off = bench.vps.runNs[vp]! - share * nowNs;
        assert.ok(Math.abs(off) <= 1, `VP ${vp} is off by ${off} ns`);
      });
      assert.ok(sum(bench.vps.runNs) <= 2 * nowNs);
    }
  });
});

describe('ideal processors with SMT', () => {
  for (const [vps, work] of [
    [1, 1],
    [2, 1],
    [3, (2 + 0.25) / 3],
    [4, 0.625],
    [8, 0.625 / 2],
  ] as const) {
    it(`spread ${vps} VPs over two cores of two threads`, () => {
      const { cost, charged } = smt();
      const bench = new IdealBench(4, busy(vps, { computeNs: 1e6 }), cost);
      bench.runUntil(SECOND);
      const { nowNs } = bench.timers;
      const ran = Math.min(1, 4 / vps) * nowNs;
      for (let vp = 0; vp < vps; vp++) {
        assert.ok(Math.abs(bench.vps.runNs[vp]! - ran) <= 1, `on LPs for ${bench.vps.runNs[vp]}, expected ${ran}`);
        assert.ok(Math.abs(bench.computes[vp]! * 1e6 - work * nowNs) <= 1e6, `${bench.computes[vp]} bursts`);
      }
      const left = sum(bench.vps.burstNs);
      assert.equal(charged.ns, sum(bench.vps.runNs) - (sum(bench.computes) * 1e6 + 1e6 * vps - left));
    });
  }
});
