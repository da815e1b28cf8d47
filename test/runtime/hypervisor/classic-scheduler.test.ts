import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ClassicScheduler } from '../../../src/runtime/hypervisor/classic-scheduler.js';
import { VpState } from '../../../src/runtime/hypervisor/virtual-processors.js';
import type { Habit } from './habitual-guests.js';
import { Bench, BUSY, type Policy, SLICES } from './processors.js';

function sharesOf(lpCount: number, habits: Habit[], seconds = 20): number[] {
  const bench = new Bench(lpCount, habits);
  bench.runUntil(seconds * 1e9);
  return bench.shares();
}

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);
}

describe('classic scheduler', () => {
  it('gives weights 100, 200 and 700 on one LP 10, 20 and 70 % (the example of the TLFS)', () => {
    const shares = sharesOf(
      1,
      [100, 200, 700].map((weight) => ({ ...BUSY, weight })),
    );
    [0.1, 0.2, 0.7].forEach((expected, i) => {
      assertNear(shares[i]!, expected, 0.005);
    });
  });

  it('keeps a limit to the nanosecond when nobody else wants the processor', () => {
    const bench = new Bench(2, [
      { ...BUSY, limit: 0.25 },
      { ...BUSY, limit: 0.01 },
    ]);
    bench.runUntil(10e9);
    assert.equal(bench.vps.runNs[0], 2.5e9);
    assert.equal(bench.vps.runNs[1], 0.1e9);
  });

  it('keeps a reserve against the heaviest competition', () => {
    const rivals = Array.from({ length: 6 }, () => ({ ...BUSY, weight: 10_000 }));
    const shares = sharesOf(1, [{ ...BUSY, reserve: 0.3, weight: 1 }, ...rivals]);
    assertNear(shares[0]!, 0.3, 0.003);
  });

  it('keeps reserves that fill every processor', () => {
    const shares = sharesOf(
      2,
      Array.from({ length: 3 }, () => ({ ...BUSY, reserve: 2 / 3 })),
    );
    for (const share of shares) assertNear(share, 2 / 3, 0.02);
  });

  it('keeps reserves of two thirds against weight', () => {
    const habits = [
      ...Array.from({ length: 3 }, () => ({ ...BUSY, reserve: 0.6, weight: 1 })),
      { ...BUSY, weight: 10_000 },
    ];
    const shares = sharesOf(2, habits);
    for (const share of shares.slice(0, 3)) assertNear(share, 0.6, 0.001);
    assertNear(shares[3]!, 0.2, 0.001);
  });

  it('lends an unused reserve and takes it back at once', () => {
    const bench = new Bench(1, [{ computeNs: 1e6, sleepNs: 9e6, reserve: 0.5 }, BUSY]);
    bench.runUntil(10e9);
    assertNear(bench.shares()[0]!, 0.1, 0.002);
    assert.ok(bench.vps.readyNs[0]! < 0.01e9, 'the reserved VP never waits');
  });

  it('shares what the limited leave', () => {
    const shares = sharesOf(1, [
      { ...BUSY, limit: 0.2, weight: 10_000 },
      { ...BUSY, weight: 100 },
      { ...BUSY, weight: 300 },
    ]);
    [0.2, 0.2, 0.6].forEach((expected, i) => {
      assertNear(shares[i]!, expected, 0.01);
    });
  });

  it('shares several processors by weight where no VP can use more than one', () => {
    const shares = sharesOf(
      2,
      [100, 100, 200].map((weight) => ({ ...BUSY, weight })),
    );
    [0.5, 0.5, 1].forEach((expected, i) => {
      assertNear(shares[i]!, expected, 0.02);
    });
  });

  it('does not let a sleeper save up its share', () => {
    const bench = new Bench(1, [{ computeNs: 5e9, sleepNs: 5e9 }, BUSY]);
    bench.runUntil(5e9);
    bench.runUntil(20e9);
    assertNear(bench.shares()[1]!, 0.62, 0.05);
  });

  it('runs pinned VPs on their LP only, and others around them', () => {
    const bench = new Bench(2, [{ ...BUSY, pinned: 0 }, { ...BUSY, pinned: 1 }, BUSY, BUSY]);
    bench.runUntil(10e9, () => {
      assert.ok(bench.lps.running[1] !== 0 && bench.lps.running[0] !== 1);
    });
    for (const share of bench.shares()) assertNear(share, 0.5, 0.02);
  });

  it('keeps weights where slices are as long as periods', () => {
    const slow: Policy = (timers, vps, processors) =>
      new ClassicScheduler(timers, vps, processors, { ...SLICES, sliceNs: 50e6, minimumSliceNs: 50e6 });
    const bench = new Bench(1, [{ ...BUSY, weight: 300 }, BUSY], slow);
    bench.runUntil(20e9);
    assertNear(bench.shares()[0]!, 0.75, 0.01);
  });

  it('moves a VP that is within its reserve to an idle LP when a pinned one wants its place', () => {
    const bench = new Bench(2, [
      { ...BUSY, reserve: 1 },
      { computeNs: 1e6, sleepNs: 9e6, pinned: 0 },
    ]);
    bench.runUntil(10e9);
    assert.equal(bench.vps.readyNs[1], 0, 'the pinned VP never waits');
    assertNear(bench.shares()[0]!, 1, 1e-6);
  });

  it('is work conserving, runs no VP twice and obeys reserve and limit, whatever the VPs do', () => {
    const habit = fc.record({
      computeNs: fc.integer({ min: 300_000, max: 40_000_000 }),
      sleepNs: fc.oneof(fc.constant(0), fc.integer({ min: 300_000, max: 60_000_000 })),
      weight: fc.integer({ min: 1, max: 10_000 }),
      limit: fc.oneof(
        fc.constant(1),
        fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100),
      ),
    });
    const world = fc.record({
      lps: fc.integer({ min: 1, max: 5 }),
      habits: fc.array(habit, { minLength: 1, maxLength: 9 }),
      pinned: fc.nat(3),
    });
    fc.assert(
      fc.property(world, ({ lps, habits, pinned }) => {
        const pins = Math.min(pinned, lps, habits.length);
        const reserve = Math.min(1, lps / habits.length) * 0.9;
        const bench = new Bench(
          lps,
          habits.map((each, i) => ({
            ...each,
            reserve: i % 2 === 0 ? Math.min(reserve, each.limit) : 0,
            pinned: i < pins ? i : -1,
          })),
        );
        bench.runUntil(1e9, () => {
          const seen = new Set<number>();
          let idle = 0;
          for (const vp of bench.lps.running) {
            if (vp < 0) idle++;
            else assert.ok(!seen.has(vp), 'a VP runs on two LPs');
            seen.add(vp);
          }
          const { state, pinned } = bench.vps;
          for (let vp = 0; vp < habits.length; vp++) {
            if (state[vp] !== VpState.Ready) continue;
            const own = pinned[vp]!;
            const free = own < 0 ? idle > 0 : bench.lps.running[own]! < 0;
            assert.ok(!free, 'an LP idles while a VP that may run there is ready');
          }
        });
        habits.forEach(({ limit, sleepNs }, vp) => {
          const { runNs, readyNs, waitingNs, suspendedNs } = bench.vps;
          assert.equal(runNs[vp]! + readyNs[vp]! + waitingNs[vp]! + suspendedNs[vp]!, bench.timers.nowNs);
          const share = bench.shares()[vp]!;
          const periods = 50e6 / bench.timers.nowNs;
          assert.ok(share <= limit * (1 + periods) + 1e-9, `limit ${limit}, had ${share}`);
          const reserved = vp % 2 === 0 ? Math.min(reserve, limit) : 0;
          if (sleepNs === 0 && pins === 0)
            assert.ok(share >= reserved * (1 - periods) - 0.25, `reserve ${reserved}, had ${share}`);
        });
      }),
      { numRuns: 150 },
    );
  });
});
