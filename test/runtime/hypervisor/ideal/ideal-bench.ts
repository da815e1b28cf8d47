import { IdealProcessors } from '../../../../src/runtime/hypervisor/ideal-processors.js';
import type { SmtCost } from '../../../../src/runtime/hypervisor/smt.js';
import { type Guest, Suspension, VirtualProcessors } from '../../../../src/runtime/hypervisor/virtual-processors.js';
import { type TimerOwner, Timers } from '../../../../src/runtime/timers.js';
import type { Habit } from '../processors.js';

/** Ideal processors with one VP for each habit, and nothing else. */
export class IdealBench implements Guest, TimerOwner {
  readonly timers = new Timers();
  readonly vps: VirtualProcessors;
  readonly lps: IdealProcessors;
  /** By VP: bursts that are done. */
  readonly computes: number[];
  private readonly asleep: boolean[];
  private readonly slots: number[];

  constructor(
    lpCount: number,
    private readonly habits: readonly Habit[],
    smt: SmtCost | null = null,
  ) {
    this.vps = new VirtualProcessors(habits.length);
    this.lps = new IdealProcessors(this.timers, this.vps, lpCount, smt);
    habits.forEach(({ reserve = 0, limit = 1, weight = 100 }, partition) => {
      this.vps.add(partition, 1, { reserve, limit, weight }, this);
    });
    this.asleep = habits.map(() => true);
    this.computes = habits.map(() => 0);
    this.slots = habits.map((_, vp) => this.timers.add(this, vp));
    this.lps.divide();
    this.timers.seal();
    habits.forEach((_, vp) => {
      this.lps.resume(vp, Suspension.Explicit);
    });
  }

  next(vp: number, nowNs: number): number {
    const { computeNs, sleepNs } = this.habits[vp]!;
    if (!this.asleep[vp]) this.computes[vp]!++;
    this.asleep[vp] = !this.asleep[vp] && sleepNs > 0;
    if (!this.asleep[vp]) return computeNs;
    this.timers.arm(this.slots[vp]!, nowNs + sleepNs);
    return 0;
  }

  interrupt(_vp: number, leftNs: number): number {
    return leftNs;
  }

  fire(vp: number): void {
    this.lps.wake(vp);
  }

  /** Runs until `ns`; `look` sees the processors after every moment. */
  runUntil(ns: number, look: () => void = () => {}): void {
    while (this.timers.nextNs() <= ns) {
      this.timers.step();
      look();
    }
    this.lps.account();
  }
}
