import type { TimerOwner, Timers } from '../timers.js';
import type { CpuBudgets } from './cpu-budgets.js';

/** VPs that want to be looked at when the next period of their budgets begins; its owner is called then. */
export class PeriodAlarm {
  private readonly waiting: number[] = [];
  private readonly isWaiting: Uint8Array;
  private readonly slot: number;

  constructor(
    private readonly timers: Timers,
    owner: TimerOwner,
    private readonly budgets: CpuBudgets,
    vpCount: number,
  ) {
    this.isWaiting = new Uint8Array(vpCount);
    this.slot = timers.add(owner);
  }

  await(vp: number, nowNs: number): void {
    if (this.isWaiting[vp] === 0) this.waiting.push(vp);
    this.isWaiting[vp] = 1;
    if (!this.timers.armed(this.slot)) this.timers.arm(this.slot, this.budgets.periodEnd(nowNs));
  }

  /** Those who waited, in the order in which they came; nobody waits now. */
  take(): number[] {
    const vps = this.waiting.splice(0);
    for (const vp of vps) this.isWaiting[vp] = 0;
    return vps;
  }
}
