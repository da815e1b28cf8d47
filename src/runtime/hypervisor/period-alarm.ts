import type { TimerOwner, Timers } from '../timers.js';
import type { CpuBudgets } from './cpu-budgets.js';

/**
 * VPs to whom the next period of their budgets makes a difference: throttled ones, that have used up their limit, and
 * others that asked. Its owner is called then.
 */
export class PeriodAlarm implements TimerOwner {
  private readonly waiting: number[] = [];
  private readonly isWaiting: Uint8Array;
  private readonly throttled: Uint8Array;
  private readonly slot: number;
  private isExpected = false;

  constructor(
    private readonly timers: Timers,
    private readonly owner: TimerOwner,
    private readonly budgets: CpuBudgets,
    vpCount: number,
  ) {
    this.isWaiting = new Uint8Array(vpCount);
    this.throttled = new Uint8Array(vpCount);
    this.slot = timers.add(this);
  }

  fire(argument: number, nowNs: number): void {
    this.isExpected = false;
    this.owner.fire(argument, nowNs);
  }

  /** Whether a VP may run in this period; otherwise it is throttled until the next. */
  admits(vp: number, nowNs: number): boolean {
    this.budgets.refill(vp, nowNs);
    if (!this.budgets.exhausted(vp)) return true;
    this.throttled[vp] = 1;
    this.await(vp, nowNs);
    return false;
  }

  await(vp: number, nowNs: number): void {
    if (this.isWaiting[vp] === 0) this.waiting.push(vp);
    this.isWaiting[vp] = 1;
    this.expect(nowNs);
  }

  /** Its owner is called when the next period begins, whoever waits for it. */
  expect(nowNs: number): void {
    if (this.isExpected) return;
    this.isExpected = true;
    this.timers.arm(this.slot, this.budgets.periodEnd(nowNs));
  }

  isThrottled(vp: number): boolean {
    return this.throttled[vp] === 1;
  }

  /** A throttled VP is not to run after all, or runs again; whether it was throttled. */
  release(vp: number): boolean {
    const was = this.throttled[vp] === 1;
    this.throttled[vp] = 0;
    return was;
  }

  /** Those who waited, in the order in which they came; nobody waits now. */
  take(): number[] {
    const vps = this.waiting.splice(0);
    for (const vp of vps) this.isWaiting[vp] = 0;
    return vps;
  }
}
