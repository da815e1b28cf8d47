import type { TimerOwner, Timers } from '../timers.js';
import type { ClassicParameters } from './classic-scheduler.js';
import { CoreHolds } from './core-holds.js';
import { CpuBudgets } from './cpu-budgets.js';
import { Line } from './line.js';
import { PeriodAlarm } from './period-alarm.js';
import type { ProcessorView, Scheduler } from './scheduler.js';
import { type VirtualCore, virtualCores } from './virtual-cores.js';
import { type VirtualProcessors, VpState } from './virtual-processors.js';

/** Parameters of the core scheduler: those of the classic one, and how threads make cores. */
export interface CoreParameters extends Omit<ClassicParameters, 'minimumSliceNs'> {
  threadsPerCore: number;
  /** Threads of a core as the guests see it: 1 in a guest without SMT. */
  guestThreadsPerCore: number;
}

/**
 * Hyper-V's core scheduler: virtual cores are scheduled on cores. A core belongs to one virtual core at a time, so
 * siblings never run two partitions; where it has fewer VPs ready than the core has threads, the others idle. Virtual
 * cores stand in one {@link Line} for the cores, by the time each of them held a core.
 */
export class CoreScheduler implements Scheduler, TimerOwner {
  private readonly groups: readonly VirtualCore[];
  /** Row of its virtual core, by VP. */
  private readonly groupOf: Int32Array;
  private readonly ready: Uint8Array;
  private readonly line: Line;
  private readonly budgets: CpuBudgets;
  private readonly alarm: PeriodAlarm;
  private readonly cores: CoreHolds;
  private readonly sinceNs: Float64Array;
  private readonly threads: number;

  constructor(
    timers: Timers,
    private readonly vps: VirtualProcessors,
    private readonly processors: ProcessorView,
    parameters: CoreParameters,
  ) {
    this.threads = parameters.threadsPerCore;
    this.groups = virtualCores(vps, this.threads, parameters.guestThreadsPerCore);
    this.cores = new CoreHolds(processors, this.threads, this.groups.length);
    this.groupOf = new Int32Array(vps.count);
    this.groups.forEach(({ vps: members }, group) => {
      for (const vp of members) this.groupOf[vp] = group;
    });
    this.ready = new Uint8Array(vps.count);
    this.budgets = new CpuBudgets(vps, parameters);
    this.alarm = new PeriodAlarm(timers, this, this.budgets, vps.count);
    this.sinceNs = new Float64Array(this.groups.length);
    this.line = new Line(
      timers,
      {
        holders: this.cores.owner,
        pinned: Int32Array.from(this.groups, ({ pinnedCore }) => pinnedCore),
        shares: this.groups.map(({ vps: [first] }) => vps.shares[first!]!),
        reserveLeft: (group) => this.reserveLeft(group),
        hasBudget: (group) => this.hasBudget(group),
        count: (core, nowNs) => this.bill(this.cores.owner[core]!, nowNs),
        uncountedNs: (core, nowNs) => nowNs - this.sinceNs[this.cores.owner[core]!]!,
        nodes: processors.nodes.count,
        nodeOf: (core) => this.nodeOf(core),
        homeOf: (group) => this.homeOf(group),
        isPlaceFree: (node) => this.cores.idleCore(node) >= 0,
        urge: (group) => this.urge(group),
      },
      { ...parameters, minimumSliceNs: parameters.sliceNs },
    );
  }

  get waiting(): number {
    return this.line.waiting;
  }

  enqueue(vp: number, woken: boolean, nowNs: number): boolean {
    if (!this.alarm.admits(vp, nowNs)) return false;
    this.ready[vp] = 1;
    const group = this.groupOf[vp]!;
    if (this.cores.coreOf[group]! >= 0) return true;
    this.line.enter(group, woken, nowNs);
    this.awaitReserve(group, nowNs);
    return true;
  }

  dequeue(vp: number): void {
    this.ready[vp] = 0;
    this.alarm.release(vp);
    const group = this.groupOf[vp]!;
    if (this.cores.coreOf[group]! < 0 && !this.anyReady(group)) this.line.leave(group);
  }

  pick(lp: number, nowNs: number): number {
    const core = this.core(lp);
    if (this.cores.isBusy(core))
      return this.cores.leaving[core] === 1 ? -1 : this.takeMember(this.cores.owner[core]!, lp);
    const chosen = this.cores.owner[core]!;
    if (this.cores.isAwaited(core) && this.anyReady(chosen)) return this.takeMember(chosen, lp);
    this.vacate(core, nowNs);
    const group = this.line.first(core);
    if (group < 0) return -1;
    this.occupy(core, group, nowNs);
    const vp = this.takeMember(group, lp);
    for (const member of this.groups[group]!.vps) if (this.ready[member] === 1) this.processors.reconsider(member);
    return vp;
  }

  place(vp: number, nowNs: number): number {
    const lp = this.placeFor(vp, nowNs);
    if (lp < 0 && this.line.awaitsPeriod) this.alarm.expect(nowNs);
    return lp;
  }

  private placeFor(vp: number, nowNs: number): number {
    const group = this.groupOf[vp]!;
    const { pinnedCore, threadOf } = this.groups[group]!;
    const thread = threadOf(vp);
    const held = this.cores.coreOf[group]!;
    if (held >= 0) {
      const lp = held * this.threads + thread;
      return this.cores.leaving[held] === 0 && this.processors.running[lp]! < 0 ? lp : -1;
    }
    const last = pinnedCore >= 0 ? pinnedCore : this.core(this.vps.lp[vp]!);
    const idle = this.cores.nearestIdle(last, this.homeOf(group));
    if (idle >= 0 && (pinnedCore < 0 || idle === pinnedCore)) return idle * this.threads + thread;
    // Whoever is not pinned moves to the idle core.
    if (idle >= 0 && last >= 0 && this.groups[this.cores.owner[last]!]!.pinnedCore < 0) return this.cores.expel(last);
    if (pinnedCore >= 0) return this.line.givesWayToPinned(last, group, nowNs) ? this.cores.expel(last) : -1;
    if (last >= 0 && this.line.givesWay(last, group, nowNs)) return this.cores.expel(last);
    if (!this.line.isPressing(group)) return -1;
    const core = this.line.ofLast(group, nowNs, this.cores.leaving);
    return core < 0 ? -1 : this.cores.expel(core);
  }

  budgetNs(vp: number, startNs: number): number {
    const group = this.groupOf[vp]!;
    const runNs = this.line.runNs(group, startNs - this.sinceNs[group]!);
    return Math.min(runNs, this.budgets.runNs(vp, startNs));
  }

  fetch(lp: number): boolean {
    const core = this.core(lp);
    if (!this.cores.isFree(core)) return false;
    // The node of the core, also where nodes end in the middle of it: else whoever is fetched does not come.
    const abroad = this.line.abroadFrom(this.nodeOf(core));
    const first = abroad < 0 ? -1 : this.cores.expel(abroad);
    if (first >= 0) this.processors.reschedule(first);
    return first >= 0;
  }

  charge(vp: number, ns: number): void {
    this.budgets.spend(vp, ns);
  }

  turn(vp: number, lp: number, nowNs: number): number {
    return this.mayContinue(vp, lp, nowNs) ? vp : -1;
  }

  private mayContinue(vp: number, lp: number, nowNs: number): boolean {
    const core = this.core(lp);
    const group = this.groupOf[vp]!;
    this.budgets.refill(vp, nowNs);
    if (this.line.isPeriodOver(nowNs)) return true;
    if (this.budgets.exhausted(vp) || this.cores.leaving[core] === 1) return false;
    this.bill(group, nowNs);
    if (this.line.keeps(core, group)) return true;
    this.cores.expel(core, lp);
    return false;
  }

  /** A period begins: throttled VPs run again, and those that had spent their reserve have it back. */
  fire(_argument: number, nowNs: number): void {
    const isDivided = this.line.divide(nowNs, this.budgets.periodEnd(nowNs), (group) => this.wants(group));
    if (isDivided) this.standAnew(nowNs);
    for (const vp of this.alarm.take()) {
      const wasThrottled = this.alarm.release(vp);
      this.budgets.refill(vp, nowNs);
      const group = this.groupOf[vp]!;
      if (this.ready[vp] === 0 && !wasThrottled) continue;
      if (this.ready[vp] === 1 && this.cores.coreOf[group]! < 0) {
        this.line.stand(group);
        this.awaitReserve(group, nowNs);
      }
      this.processors.reconsider(vp);
    }
    if (isDivided) this.processors.review();
    if (this.line.awaitsPeriod) this.alarm.expect(nowNs);
  }

  /** Whether it has a core, or would have one if it could. */
  private wants(group: number): boolean {
    if (this.cores.coreOf[group]! >= 0) return true;
    return this.groups[group]!.vps.some((vp) => this.ready[vp] === 1 || this.alarm.isThrottled(vp));
  }

  private standAnew(nowNs: number): void {
    for (let group = 0; group < this.groups.length; group++) {
      if (this.cores.coreOf[group]! >= 0 || !this.anyReady(group)) continue;
      for (const vp of this.groups[group]!.vps) this.budgets.refill(vp, nowNs);
      this.line.stand(group);
    }
  }

  private urge(group: number): void {
    const vp = this.groups[group]!.vps.find((member) => this.ready[member] === 1);
    if (vp !== undefined) this.processors.reconsider(vp);
  }

  private occupy(core: number, group: number, nowNs: number): void {
    this.line.leave(group);
    this.cores.give(core, group);
    this.sinceNs[group] = nowNs;
    for (const vp of this.groups[group]!.vps) this.budgets.refill(vp, nowNs);
    this.line.begin(group);
  }

  /** Nothing runs on the core: whoever had it stands in line again. */
  private vacate(core: number, nowNs: number): void {
    const group = this.cores.owner[core]!;
    if (group >= 0) this.bill(group, nowNs);
    this.cores.take(core);
    if (group < 0 || !this.anyReady(group)) return;
    this.line.enter(group, false, nowNs);
    this.awaitReserve(group, nowNs);
  }

  private takeMember(group: number, lp: number): number {
    const { vps, threadOf } = this.groups[group]!;
    for (const vp of vps) {
      if (this.ready[vp] === 0 || threadOf(vp) !== lp % this.threads) continue;
      this.ready[vp] = 0;
      this.cores.arrive(this.core(lp));
      return vp;
    }
    return -1;
  }

  /** Counts the time a virtual core has held its core. */
  private bill(group: number, nowNs: number): void {
    if (this.cores.coreOf[group]! < 0) return;
    this.line.run(group, nowNs - this.sinceNs[group]!);
    this.sinceNs[group] = nowNs;
  }

  private nodeOf(core: number): number {
    return this.processors.nodes.of(core * this.threads);
  }

  private homeOf(group: number): number {
    return this.groups[group]!.pinnedCore >= 0 ? -1 : this.vps.home[this.groups[group]!.vps[0]!]!;
  }

  private core(lp: number): number {
    return Math.floor(lp / this.threads);
  }

  /** Those of it who are in line with their reserve spent have it back when the next period begins. */
  private awaitReserve(group: number, nowNs: number): void {
    if (this.line.isReserved(group)) return;
    for (const vp of this.groups[group]!.vps)
      if (this.ready[vp] === 1 && this.budgets.reserveNs[vp]! > 0) this.alarm.await(vp, nowNs);
  }

  /** The most that any VP of it that wants to run has left of its reserve. */
  private reserveLeft(group: number): number {
    let most = 0;
    for (const vp of this.groups[group]!.vps) {
      const wants = this.ready[vp] === 1 || this.vps.state[vp] === VpState.Running;
      if (wants && this.budgets.reserveLeft[vp]! > most) most = this.budgets.reserveLeft[vp]!;
    }
    return most;
  }

  private hasBudget(group: number): boolean {
    return this.groups[group]!.vps.some((vp) => {
      const isRunning = this.vps.state[vp] === VpState.Running;
      if (isRunning) this.processors.accountFor(this.vps.lp[vp]!);
      return (isRunning || this.ready[vp] === 1) && !this.budgets.exhausted(vp);
    });
  }

  private anyReady(group: number): boolean {
    return this.groups[group]!.vps.some((vp) => this.ready[vp] === 1);
  }
}
