import { invariant } from '../defect.js';
import type { TimerOwner, Timers } from '../timers.js';
import type { Timeline } from '../trace/timeline.js';
import { Fluid } from './fluid.js';
import type { Processors } from './processors.js';
import { shareClasses } from './share-classes.js';
import type { SmtCost } from './smt.js';
import { Suspension, type VirtualProcessors, VpState } from './virtual-processors.js';

const NONE = -1;

/**
 * What no real processors do: at every moment each VP that can run has its max-min share of all LPs, without slices,
 * switches or periods. A VP that can run is Running, and what of its time it had no LP for is counted as Ready time. Bursts end
 * in the whole nanosecond in which their work is done.
 */
export class IdealProcessors implements Processors, TimerOwner {
  readonly times: { readonly busyNs: Float64Array; readonly hypervisorNs: Float64Array };
  /** LPs have no VPs of their own, and no bars: only what VPs do is drawn. */
  timeline: Timeline | null = null;
  private fluid!: Fluid;
  private readonly slot: number;
  /** Up to when the time of each running VP is counted. */
  private readonly countedNs: Float64Array;
  /** VPs that became ready and do not run yet; the first `wokenCount` are meant. */
  private readonly woken: number[] = [];
  private wokenCount = 0;
  private depth = 0;
  /** The VP whose guest acts at an exit. */
  private inExit = NONE;
  private armedNs = Number.NaN;
  private ranNs = 0;
  private hypervisorNs = 0;

  constructor(
    private readonly timers: Timers,
    private readonly vps: VirtualProcessors,
    readonly lpCount: number,
    private readonly smt: SmtCost | null = null,
  ) {
    this.times = { busyNs: new Float64Array(lpCount), hypervisorNs: new Float64Array(lpCount) };
    this.countedNs = new Float64Array(vps.state.length);
    this.slot = timers.addFrequent(this);
  }

  /** All VPs are known; once before the run. */
  divide(): void {
    this.fluid = new Fluid(shareClasses(this.vps.shares), this.lpCount, this.smt);
  }

  /** All memory is equally near. */
  isHome(): boolean {
    return false;
  }

  interrupt(vp: number): void {
    const { vps } = this;
    const now = this.timers.nowNs;
    if (this.isInFluid(vp)) this.settle(vp, now);
    const left = vps.burstNs[vp]!;
    if (left === 0) {
      this.wake(vp);
      return;
    }
    this.depth++;
    const burst = vps.guests[vp]!.interrupt(vp, left, now);
    vps.burstNs[vp] = burst;
    if (this.isInFluid(vp)) this.fluid.extend(vp, burst - left);
    this.leave();
  }

  wake(vp: number): void {
    if (this.vps.state[vp] !== VpState.Waiting) return;
    this.depth++;
    this.makeReady(vp);
    this.leave();
  }

  suspend(vp: number, why: number): void {
    const { vps } = this;
    const now = this.timers.nowNs;
    const state = vps.state[vp];
    vps.suspended[vp] = vps.suspended[vp]! | why;
    if (state === VpState.Suspended) return;
    this.depth++;
    if (this.isInFluid(vp)) {
      this.settle(vp, now);
      this.fluid.leave(vp);
    }
    vps.enter(vp, VpState.Suspended, now);
    this.leave();
  }

  resume(vp: number, why: number): void {
    if (!this.vps.clearSuspension(vp, why)) return;
    this.depth++;
    this.makeReady(vp);
    this.leave();
  }

  stop(vp: number): number {
    this.suspend(vp, Suspension.Explicit);
    return this.vps.drop(vp);
  }

  chargeHypervisor(_vp: number, ns: number): number {
    this.hypervisorNs += ns;
    return ns;
  }

  get nowNs(): number {
    return this.timers.nowNs;
  }

  account(): void {
    const now = this.timers.nowNs;
    for (let vp = 0; vp < this.vps.count; vp++) {
      if (this.isInFluid(vp)) this.settle(vp, now);
      else this.vps.account(vp, now);
    }
    dealOut(this.ranNs, this.times.busyNs);
    dealOut(this.hypervisorNs, this.times.hypervisorNs);
  }

  /** A burst is done. Those that are done at the same moment come one after the other. */
  fire(_argument: number, now: number): void {
    this.depth++;
    this.armedNs = Number.NaN;
    const vp = this.fluid.done(now);
    if (vp >= 0) {
      this.count(vp, 0, now);
      if (this.exit(vp, now)) this.fluid.extend(vp, this.vps.burstNs[vp]!);
      else this.fluid.leave(vp);
    }
    this.leave();
  }

  private begin(vp: number, now: number): void {
    this.vps.enter(vp, VpState.Running, now);
    this.countedNs[vp] = now;
    if (this.vps.burstNs[vp]! > 0 || this.exit(vp, now)) this.fluid.join(vp, this.vps.burstNs[vp]!, now);
  }

  /** The guest acts at its exit; false when it halted or was suspended. */
  private exit(vp: number, now: number): boolean {
    const { vps } = this;
    this.inExit = vp;
    const burst = vps.guests[vp]!.next(vp, now);
    this.inExit = NONE;
    vps.burstNs[vp] = Math.max(0, burst);
    if (vps.state[vp] !== VpState.Running) return false;
    if (burst > 0) return true;
    vps.enter(vp, VpState.Waiting, now);
    return false;
  }

  /** Whether a VP has a burst under way. */
  private isInFluid(vp: number): boolean {
    return this.vps.state[vp] === VpState.Running && vp !== this.inExit;
  }

  private makeReady(vp: number): void {
    this.vps.enter(vp, VpState.Ready, this.timers.nowNs);
    this.woken[this.wokenCount++] = vp;
  }

  /** Counts what a running VP has run since the last time. */
  private settle(vp: number, now: number): void {
    this.count(vp, this.fluid.leftNs(vp, now), now);
  }

  /** A running VP has `left` ns of its burst to run; in the rest of the time since the last count it had no LP. */
  private count(vp: number, left: number, now: number): void {
    const { vps, countedNs } = this;
    const ran = this.timeFor(vp, vps.burstNs[vp]! - left, now);
    vps.burstNs[vp] = left;
    vps.runNs[vp] = vps.runNs[vp]! + ran;
    vps.readyNs[vp] = vps.readyNs[vp]! + (now - countedNs[vp]! - ran);
    countedNs[vp] = now;
    this.ranNs += ran;
  }

  /** How long a VP was on an LP for the work it did. */
  private timeFor(vp: number, workNs: number, now: number): number {
    invariant(workNs >= 0, 'a VP has more to run than it was to');
    const lpNs = this.fluid.takeLpNs(vp, now);
    if (lpNs === null) return workNs;
    this.smt?.contention.chargeNs(lpNs - workNs);
    return lpNs;
  }

  /** Once nothing is in transition, whoever became ready runs, and the rates follow. */
  private leave(): void {
    if (this.depth === 1) {
      const now = this.timers.nowNs;
      for (let i = 0; i < this.wokenCount; i++) {
        const vp = this.woken[i]!;
        if (this.vps.state[vp] === VpState.Ready) this.begin(vp, now);
      }
      this.wokenCount = 0;
      const nextNs = this.fluid.flow(now);
      if (nextNs !== this.armedNs) this.timers.arm(this.slot, nextNs);
      this.armedNs = nextNs;
    }
    this.depth--;
  }
}

/** Spreads whole ns over all LPs alike. */
function dealOut(ns: number, lps: Float64Array): void {
  lps.forEach((_, lp) => {
    lps[lp] = Math.floor((ns + lps.length - 1 - lp) / lps.length);
  });
}
