import type { Processors } from '../../../src/runtime/hypervisor/processors.js';
import { type Guest, Suspension, type VpShare } from '../../../src/runtime/hypervisor/virtual-processors.js';
import { type TimerOwner, Timers } from '../../../src/runtime/timers.js';

/** How a VP spends its time: it computes and sleeps in turns; a sleep of 0 never lets go. */
export interface Habit extends Partial<VpShare> {
  computeNs: number;
  sleepNs: number;
  pinned?: number;
  /** VPs of its partition, all of this habit; pinned ones are pinned one after the other. */
  vps?: number;
  /** The node all of its memory is on; only on a host of several. */
  home?: number;
}

/** Processors of either kind with VPs of given habits, and nothing else. */
export abstract class HabitualGuests implements Guest, TimerOwner {
  readonly timers = new Timers();
  /** By VP: bursts that are done. */
  readonly computes: number[];
  private readonly asleep: boolean[];
  private slots: number[] = [];

  abstract readonly lps: Processors;

  constructor(
    /** By VP. */
    readonly habits: readonly Habit[],
  ) {
    this.computes = habits.map(() => 0);
    this.asleep = habits.map(() => true);
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
    while (this.timers.step(ns)) look();
    this.lps.account();
  }

  /** The timers that wake the VPs: after those of the processors. */
  protected addTimers(): void {
    this.slots = this.habits.map((_, vp) => this.timers.add(this, vp));
  }

  protected begin(): void {
    this.timers.seal();
    this.habits.forEach((_, vp) => {
      this.lps.resume(vp, Suspension.Explicit);
    });
  }
}
