import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CreditScheduler } from '../../../src/runtime/hypervisor/credit-scheduler.js';
import { VpState } from '../../../src/runtime/hypervisor/virtual-processors.js';
import type { Habit } from './habitual-guests.js';
import { Bench, BUSY, type Policy } from './processors.js';

const limited =
  (rateLimitNs: number): Policy =>
  (timers, vps, processors) =>
    new CreditScheduler(timers, vps, processors, { sliceNs: 30e6, tickNs: 10e6, rateLimitNs, creditNs: 1e5 });

const credit = limited(1e6);

function sharesOf(lpCount: number, partitions: Habit[]): number[] {
  const bench = new Bench(lpCount, partitions, credit);
  bench.runUntil(60e9);
  return bench.shares();
}

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);
}

describe('credit scheduler', () => {
  it('shares a processor by weight', () => {
    const shares = sharesOf(
      1,
      [128, 256, 896].map((weight) => ({ ...BUSY, weight })),
    );
    [0.1, 0.2, 0.7].forEach((expected, i) => {
      assertNear(shares[i]!, expected, 0.02);
    });
  });

  it('gives each VP the weight of its domain, however many that has', () => {
    const shares = sharesOf(2, [
      { ...BUSY, vps: 2, weight: 256 },
      { ...BUSY, vps: 4, weight: 256 },
    ]);
    for (const share of shares) assertNear(share, 1 / 3, 0.02);
  });

  it('deals out whole credits: one of 0.1 ms for each period of 30 ms is the least, also for a capped VP of no weight', () => {
    const shares = sharesOf(2, [
      { ...BUSY, weight: 1, limit: 0.5 },
      { ...BUSY, weight: 10_000, vps: 2 },
    ]);
    assertNear(shares[0]!, 0.1 / 30, 0.001);
  });

  it('keeps a cap in the long run, by parking', () => {
    const shares = sharesOf(2, [
      { ...BUSY, limit: 0.25 },
      { ...BUSY, limit: 0.6 },
    ]);
    assertNear(shares[0]!, 0.25, 0.01);
    assertNear(shares[1]!, 0.6, 0.02);
  });

  it('remembers no more than one period of debt, however long a capped VP computed alone', () => {
    const bench = new Bench(2, [{ computeNs: 6e9, sleepNs: 10e6, limit: 0.75, vps: 2 }], credit);
    bench.runUntil(60e9);
    for (const share of bench.shares()) assertNear(share, 0.75, 0.02);
  });

  it('lets one that wakes with credit go first', () => {
    const bench = new Bench(1, [{ computeNs: 1e6, sleepNs: 23e6 }, BUSY, BUSY], credit);
    bench.runUntil(20e9);
    assert.ok(bench.vps.readyNs[0]! < 0.05 * bench.vps.runNs[0]!, `waited ${bench.vps.readyNs[0]} ns`);
  });

  it('lets everybody run as long as the rate limit before it is preempted', () => {
    // It sleeps for a slice: whenever it wakes, another has just begun its own.
    const waited = (rateLimitNs: number) => {
      const bench = new Bench(1, [{ computeNs: 1e6, sleepNs: 30e6 }, BUSY, BUSY], limited(rateLimitNs));
      bench.runUntil(20e9);
      return bench.vps.readyNs[0]! / bench.vps.runNs[0]!;
    };
    assertNear(waited(0), 0, 0.05);
    assert.ok(waited(1e6) > 1, `${waited(1e6)}`);
    assert.ok(waited(2e6) > waited(1e6), `${waited(2e6)}`);
  });

  it('takes one with credit from the queue of another processor before its own without', () => {
    const bench = new Bench(
      2,
      [
        { ...BUSY, weight: 10_000, vps: 2 },
        { ...BUSY, vps: 4 },
      ],
      credit,
    );
    bench.runUntil(60e9);
    const [first, second] = bench.shares();
    assertNear(first! + second!, 2 * (10_000 / 10_100), 0.05);
  });

  it('runs VPs at home and fetches them from afar', () => {
    const sleeper = { computeNs: 4e6, sleepNs: 9e6, home: 0 };
    const numa = { nodes: 2, slowdownPercent: 8 };
    const roomy = new Bench(4, [{ ...BUSY, home: 1 }, sleeper, sleeper, { ...BUSY, home: 1 }], credit, null, numa);
    roomy.runUntil(5e9);
    for (const ns of roomy.vps.remoteNs) assert.equal(ns, 0);
    const crowded = new Bench(2, [{ ...BUSY, home: 0 }, sleeper, { ...BUSY, home: 1 }], credit, null, numa);
    crowded.runUntil(20e9);
    const far = crowded.vps.remoteNs.reduce((sum, ns) => sum + ns, 0);
    assert.ok(far > 0 && far < 0.2 * 0.08 * 40e9, `${far}`);
  });

  it('is work conserving where nobody is capped, and runs no VP twice', () => {
    const habit = fc.record({
      computeNs: fc.integer({ min: 300_000, max: 40_000_000 }),
      sleepNs: fc.oneof(fc.constant(0), fc.integer({ min: 300_000, max: 60_000_000 })),
      weight: fc.integer({ min: 1, max: 1000 }),
      limit: fc.oneof(
        fc.constant(1),
        fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100),
      ),
      vps: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(habit, { minLength: 1, maxLength: 7 }), (lps, habits) => {
        const bench = new Bench(lps, habits, credit);
        bench.runUntil(1e9, () => {
          const running = [...bench.lps.running].filter((vp) => vp >= 0);
          assert.equal(new Set(running).size, running.length, 'a VP runs on two LPs');
          bench.habits.forEach(({ limit }, vp) => {
            const waits = limit === 1 && bench.vps.state[vp] === VpState.Ready;
            assert.ok(!waits || running.length === lps, 'an LP idles while a VP is ready');
          });
        });
        bench.habits.forEach((_, vp) => {
          const { runNs, readyNs, waitingNs, suspendedNs } = bench.vps;
          assert.equal(runNs[vp]! + readyNs[vp]! + waitingNs[vp]! + suspendedNs[vp]!, bench.timers.nowNs);
        });
      }),
      { numRuns: 100 },
    );
  });
});
