import type { TimerOwner, Timers } from '../timers.js';
import type { LineParameters } from './contest.js';
import { type BudgetParameters, CpuBudgets } from './cpu-budgets.js';
import { Line } from './line.js';
import { PeriodAlarm } from './period-alarm.js';
import type { ProcessorView, Scheduler } from './scheduler.js';
import { type VirtualProcessors, VpState } from './virtual-processors.js';

/** Parameters of the classic scheduler, in ns. */
export type ClassicParameters = LineParameters & BudgetParameters;

/**
 * Hyper-V's classic scheduler as TLFS chapter 18 describes it: pre-emptive, reserve first, then relative weight,
 * never beyond the limit. Reserve and limit are budgets of each VP per period, refilled lazily. VPs stand in one
 * {@link Line} for the LPs: root VPs are pinned to theirs, all others go to any LP and like the one they had.
 */
export class ClassicScheduler implements Scheduler, TimerOwner {
  private readonly line: Line;
  private readonly budgets: CpuBudgets;
  private readonly alarm: PeriodAlarm;
  /** 1 for a VP that has just made way for whoever has its LP now, and need not be compared with it again. */
  private readonly yielded: Uint8Array;

  constructor(
    timers: Timers,
    private readonly vps: VirtualProcessors,
    private readonly processors: ProcessorView,
    parameters: ClassicParameters,
  ) {
    this.budgets = new CpuBudgets(vps, parameters);
    this.yielded = new Uint8Array(vps.count);
    this.alarm = new PeriodAlarm(timers, this, this.budgets, vps.count);
    const { reserveLeft } = this.budgets;
    this.line = new Line(
      timers,
      {
        holders: processors.running,
        pinned: vps.pinned,
        shares: vps.shares,
        reserveLeft: (vp) => reserveLeft[vp]!,
        hasBudget: (vp) => {
          processors.accountFor(vps.lp[vp]!);
          return !this.budgets.exhausted(vp);
        },
        count: (lp) => processors.accountFor(lp),
        uncountedNs: (lp) => processors.uncountedNs(lp),
        nodes: processors.nodes.count,
        nodeOf: (lp) => processors.nodes.of(lp),
        homeOf: (vp) => vps.home[vp]!,
        isPlaceFree: (node) => (node < 0 ? processors.idleLp() : processors.freeOn(node)) >= 0,
        urge: (vp) => this.urge(vp),
      },
      parameters,
    );
  }

  get waiting(): number {
    return this.line.waiting;
  }

  enqueue(vp: number, woken: boolean, nowNs: number): boolean {
    this.yielded[vp] = woken ? 0 : 1;
    if (!this.alarm.admits(vp, nowNs)) return false;
    this.line.enter(vp, woken, nowNs);
    this.awaitReserve(vp, nowNs);
    return true;
  }

  dequeue(vp: number): void {
    this.line.leave(vp);
    this.alarm.release(vp);
  }

  pick(lp: number, nowNs: number): number {
    const vp = this.line.first(lp);
    if (vp < 0) return -1;
    this.line.leave(vp);
    this.budgets.refill(vp, nowNs);
    this.line.begin(vp);
    return vp;
  }

  place(vp: number, nowNs: number): number {
    const lp = this.placeFor(vp, nowNs);
    if (lp < 0 && this.line.awaitsPeriod) this.alarm.expect(nowNs);
    return lp;
  }

  private placeFor(vp: number, nowNs: number): number {
    const { running } = this.processors;
    const own = this.vps.pinned[vp]!;
    if (own >= 0)
      return running[own]! < 0 || this.canMove(running[own]!) || this.line.givesWayToPinned(own, vp, nowNs) ? own : -1;
    const last = this.vps.lp[vp]!;
    const idle = this.processors.idleLp(last, this.vps.home[vp]!);
    if (idle >= 0) return idle;
    if (last >= 0 && this.yielded[vp] === 0 && this.line.givesWay(last, vp, nowNs)) return last;
    return this.line.isPressing(vp) ? this.line.ofLast(vp, nowNs) : -1;
  }

  budgetNs(vp: number, startNs: number): number {
    return Math.min(this.line.runNs(vp, 0), this.budgets.runNs(vp, startNs));
  }

  fetch(lp: number): boolean {
    const node = this.processors.nodes.of(lp);
    const abroad = this.processors.freeOn(node) < 0 ? -1 : this.line.abroadFrom(node);
    if (abroad >= 0) this.processors.reschedule(abroad);
    return abroad >= 0;
  }

  charge(vp: number, ns: number): void {
    this.line.run(vp, ns);
    this.budgets.spend(vp, ns);
  }

  turn(vp: number, lp: number, nowNs: number): number {
    this.budgets.refill(vp, nowNs);
    if (this.line.isPeriodOver(nowNs)) return vp;
    if (this.budgets.exhausted(vp)) return -1;
    if (this.line.keeps(lp, vp)) return vp;
    this.yielded[vp] = 1;
    this.line.stand(vp);
    this.awaitReserve(vp, nowNs);
    return this.pick(lp, nowNs);
  }

  /** A period begins: throttled VPs run again, and those that had spent their reserve have it back. */
  fire(_argument: number, nowNs: number): void {
    const { state } = this.vps;
    const wants = (vp: number) => state[vp]! >= VpState.Ready || this.alarm.isThrottled(vp);
    const isDivided = this.line.divide(nowNs, this.budgets.periodEnd(nowNs), wants);
    if (isDivided) this.standAnew(nowNs);
    for (const vp of this.alarm.take()) {
      const wasThrottled = this.alarm.release(vp);
      if (this.vps.state[vp] === VpState.Ready) {
        this.budgets.refill(vp, nowNs);
        this.line.stand(vp);
        this.awaitReserve(vp, nowNs);
      } else if (!wasThrottled) {
        continue;
      }
      this.urge(vp);
    }
    if (isDivided) this.processors.review();
    if (this.line.awaitsPeriod) this.alarm.expect(nowNs);
  }

  /** A VP that waits has become more urgent. */
  private urge(vp: number): void {
    this.yielded[vp] = 0;
    this.processors.reconsider(vp);
  }

  private standAnew(nowNs: number): void {
    for (let vp = 0; vp < this.vps.count; vp++) {
      if (this.vps.state[vp] !== VpState.Ready) continue;
      this.budgets.refill(vp, nowNs);
      this.line.stand(vp);
    }
  }

  /** In line with its reserve spent, it stands elsewhere when the next period begins. */
  private awaitReserve(vp: number, nowNs: number): void {
    if (this.line.hasReserves && this.budgets.reserveNs[vp]! > 0 && !this.line.isReserved(vp))
      this.alarm.await(vp, nowNs);
  }

  /** Whether a running VP can go on elsewhere when a pinned one wants its LP. */
  private canMove(running: number): boolean {
    return this.vps.pinned[running]! < 0 && this.processors.idleLp() >= 0;
  }
}
