import { invariant } from '../defect.js';
import type { TimerOwner, Timers } from '../timers.js';
import { LpTimes, type SwitchCost } from './lp-times.js';
import { RemoteMemory, type RemoteMemoryCost } from './remote-memory.js';
import type { Scheduler } from './scheduler.js';
import { Smt, type SmtCost } from './smt.js';
import { type VirtualProcessors, VpState } from './virtual-processors.js';

/**
 * The VPs that run, one on each LP at most: how far each got, and when it comes to its next exit or must make way. Its owner
 * is called then, with the LP. Every nanosecond of every LP is counted.
 */
export class LpRuns {
  /** The VP of each LP, or -1. */
  readonly running: Int32Array;
  readonly times: LpTimes;
  readonly smt: Smt | null;
  private readonly remote: RemoteMemory | null;
  private readonly slots: Int32Array;
  /** 1 for an LP that was armed while nobody waited, and `relaxedCount` of them. */
  private readonly relaxed: Uint8Array;
  private relaxedCount = 0;
  private scheduler!: Scheduler;

  constructor(
    private readonly timers: Timers,
    private readonly vps: VirtualProcessors,
    private readonly lpCount: number,
    owner: TimerOwner,
    switchCost: SwitchCost,
    smt: SmtCost | null,
    remote: RemoteMemoryCost | null,
  ) {
    this.smt = smt === null ? null : new Smt(lpCount, smt);
    this.remote = remote === null ? null : new RemoteMemory(lpCount, remote);
    this.running = new Int32Array(lpCount).fill(-1);
    this.times = new LpTimes(lpCount, switchCost);
    this.relaxed = new Uint8Array(lpCount);
    this.slots = Int32Array.from({ length: lpCount }, (_, lp) => timers.addFrequent(owner, lp));
  }

  use(scheduler: Scheduler): void {
    this.scheduler = scheduler;
  }

  /** An LP turns to a VP. */
  begin(lp: number, vp: number, now: number): void {
    this.running[lp] = vp;
    this.times.begin(lp, vp, now);
  }

  /** Nobody is put on the LP instead. */
  rest(lp: number): void {
    this.timers.disarm(this.slots[lp]!);
    this.relax(lp, 0);
  }

  /** The VP of an LP runs on from now to its exit, if its budget lasts. */
  proceed(lp: number, vp: number): void {
    const start = this.times.runsFrom(lp, this.timers.nowNs);
    const burst = this.vps.burstNs[vp]!;
    this.remote?.look(lp, vp);
    const near = this.remote ? this.remote.timeFor(lp, burst) : burst;
    const ns = this.smt ? this.smt.timeFor(lp, near) : near;
    this.timers.arm(this.slots[lp]!, start + Math.min(ns, this.scheduler.budgetNs(vp, start)));
    this.relax(lp, this.scheduler.waiting === 0 ? 1 : 0);
  }

  /** Counts what the VP of this LP has run since the last time. */
  settle(lp: number, now: number): void {
    const vp = this.running[lp]!;
    const ran = this.times.count(lp, now);
    if (ran === 0) return;
    const burst = this.vps.burstNs[vp]!;
    const left = burst - this.workDone(lp, vp, ran, burst);
    invariant(left >= 0, 'a VP ran past its exit');
    this.vps.burstNs[vp] = left;
    this.vps.runNs[vp] = this.vps.runNs[vp]! + ran;
    this.scheduler.charge(vp, ran);
  }

  settleAll(now: number): void {
    for (let lp = 0; lp < this.lpCount; lp++) if (this.running[lp]! >= 0) this.settle(lp, now);
  }

  /** Where somebody waits now, the slices of those who ran on without one count. */
  tighten(): void {
    if (this.relaxedCount === 0 || this.scheduler.waiting === 0) return;
    for (let lp = 0; lp < this.lpCount; lp++) {
      if (this.relaxed[lp] === 0) continue;
      this.settle(lp, this.timers.nowNs);
      this.proceed(lp, this.running[lp]!);
    }
  }

  /** A thread of a core became busy or idle: what its siblings run goes on at another speed. */
  share(lp: number, busier: 1 | -1, now: number): void {
    const { smt } = this;
    if (smt === null) return;
    const first = smt.firstOf(lp);
    for (let sibling = first; sibling < first + smt.threads; sibling++)
      if (sibling !== lp && this.running[sibling]! >= 0) this.settle(sibling, now);
    smt.count(lp, busier);
    for (let sibling = first; sibling < first + smt.threads; sibling++) {
      const vp = this.running[sibling]!;
      if (sibling !== lp && vp >= 0 && this.vps.state[vp] === VpState.Running) this.proceed(sibling, vp);
    }
  }

  private relax(lp: number, relaxed: 0 | 1): void {
    this.relaxedCount += relaxed - this.relaxed[lp]!;
    this.relaxed[lp] = relaxed;
  }

  /** What a VP got done of its burst in the time it ran. */
  private workDone(lp: number, vp: number, ranNs: number, burstNs: number): number {
    const { smt, remote } = this;
    if (remote === null) return smt === null ? ranNs : smt.workDone(lp, ranNs, burstNs);
    const aloneNs = smt === null ? ranNs : smt.workDone(lp, ranNs, remote.timeFor(lp, burstNs));
    return remote.workDone(lp, vp, aloneNs, burstNs);
  }
}
