import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ClassicScheduler } from '../../../src/runtime/hypervisor/classic-scheduler.js';
import { CoreScheduler } from '../../../src/runtime/hypervisor/core-scheduler.js';
import { CreditScheduler } from '../../../src/runtime/hypervisor/credit-scheduler.js';
import type { Scheduler } from '../../../src/runtime/hypervisor/scheduler.js';
import type { Habit } from './habitual-guests.js';
import { Bench, type Policy, SLICES } from './processors.js';

/** A policy that wants to be asked every 700 µs, as if slices never ended unseen. */
class Eager implements Scheduler {
  constructor(private readonly policy: Scheduler) {}

  get waiting(): number {
    return this.policy.waiting;
  }

  enqueue = (vp: number, woken: boolean, nowNs: number) => this.policy.enqueue(vp, woken, nowNs);
  dequeue = (vp: number) => this.policy.dequeue(vp);
  pick = (lp: number, nowNs: number) => this.policy.pick(lp, nowNs);
  place = (vp: number, nowNs: number) => this.policy.place(vp, nowNs);
  budgetNs = (vp: number, startNs: number) => {
    // Credit lets priorities that change in between have their effect whenever it is asked, if there is a rival.
    const most = this.waiting > 0 && this.policy instanceof CreditScheduler ? Number.POSITIVE_INFINITY : 700_000;
    return Math.min(most, this.policy.budgetNs(vp, startNs));
  };
  fetch = (lp: number) => this.policy.fetch(lp);
  charge = (vp: number, ns: number) => this.policy.charge(vp, ns);
  turn = (vp: number, lp: number, nowNs: number) => this.policy.turn(vp, lp, nowNs);
}

const POLICIES: Record<string, Policy> = {
  classic: (timers, vps, processors) => new ClassicScheduler(timers, vps, processors, SLICES),
  fair: (timers, vps, processors) =>
    new ClassicScheduler(timers, vps, processors, { ...SLICES, sliceNs: 24e6, minimumSliceNs: 3e6 }),
  credit: (timers, vps, processors) =>
    new CreditScheduler(timers, vps, processors, { sliceNs: 30e6, tickNs: 10e6, rateLimitNs: 1e6, creditNs: 1e5 }),
  core: (timers, vps, processors) =>
    new CoreScheduler(timers, vps, processors, { ...SLICES, threadsPerCore: 2, guestThreadsPerCore: 2 }),
};

/** Who had which LP after every moment at which that changed. */
function dispatches(lps: number, habits: Habit[], policy: Policy): string[] {
  const bench = new Bench(lps, habits, policy);
  const after = new Map([[0, bench.lps.running.join()]]);
  bench.runUntil(2e9, () => after.set(bench.timers.nowNs, bench.lps.running.join()));
  const seen = [...after].filter(([, running], i, all) => i === 0 || running !== all[i - 1]![1]);
  return seen.map(([timeNs, running]) => `${timeNs}: ${running}`);
}

const habit = fc.record({
  computeNs: fc.integer({ min: 300_000, max: 90_000_000 }),
  sleepNs: fc.oneof(fc.constant(0), fc.integer({ min: 300_000, max: 200_000_000 })),
  weight: fc.integer({ min: 1, max: 10_000 }),
  limit: fc.constantFrom(1, 1, 0.5, 0.07),
  reserve: fc.constantFrom(0, 0, 0.05),
});

describe('slices that end unseen while nobody waits', () => {
  for (const [name, policy] of Object.entries(POLICIES)) {
    it(`put the same VP on the same LP at the same moment (${name})`, () => {
      const eager: Policy = (...site) => new Eager(policy(...site));
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 3 }),
          fc.array(habit, { minLength: 1, maxLength: 9 }),
          (cores, habits) => {
            assert.deepEqual(dispatches(cores * 2, habits, policy), dispatches(cores * 2, habits, eager));
          },
        ),
        { numRuns: Number(process.env.HVHOST_RUNS ?? 60), endOnFailure: true },
      );
    });
  }
});
