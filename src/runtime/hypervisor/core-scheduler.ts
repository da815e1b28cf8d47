import { IndexedHeap } from '../indexed-heap.js';
import type { TimerOwner, Timers } from '../timers.js';
import type { ClassicParameters } from './classic-scheduler.js';
import { CpuBudgets } from './cpu-budgets.js';
import { PeriodAlarm } from './period-alarm.js';
import type { ProcessorView, Scheduler } from './scheduler.js';
import { type VirtualCore, virtualCores } from './virtual-cores.js';
import { type VirtualProcessors, VpState } from './virtual-processors.js';
import { VirtualTime } from './virtual-time.js';

/** Parameters of the core scheduler: those of the classic one, and how threads make cores. */
export interface CoreParameters extends Omit<ClassicParameters, 'minimumSliceNs'> {
  threadsPerCore: number;
  /** Threads of a core as the guests see it: 1 in a guest without SMT. */
  guestThreadsPerCore: number;
}

const Class = { Reserved: 0, Shared: 1 } as const;

/**
 * Hyper-V's core scheduler: virtual cores are scheduled on cores. A core belongs to one virtual core at a time, so
 * siblings never run two partitions; where it has fewer VPs ready than the core has threads, the others idle. Among
 * virtual cores the rules are those of the classic scheduler, over the time each of them held a core.
 */
export class CoreScheduler implements Scheduler, TimerOwner {
  private readonly groups: readonly VirtualCore[];
  /** Row of its virtual core, by VP. */
  private readonly groupOf: Int32Array;
  private readonly ready: Uint8Array;
  private readonly budgets: CpuBudgets;
  private readonly reserved: IndexedHeap;
  private readonly shared: IndexedHeap;
  /** The pinned virtual core that waits for a core, or -1. */
  private readonly pinnedReady: Int32Array;
  private pinnedWaiting = 0;
  /** The virtual core that has a core, or -1; and the other way round. */
  private readonly owner: Int32Array;
  private readonly coreOf: Int32Array;
  /** 1 while the threads of a core are taken from its owner, one after the other. */
  private readonly leaving: Uint8Array;
  /** 1 while a core was given to a virtual core none of whose VPs has come onto it. */
  private readonly awaited: Uint8Array;
  /** Over the time a virtual core held a core. */
  private readonly virtual: VirtualTime;
  /** Below 0 when slices have ended while nobody waited. */
  private readonly sliceLeft: Float64Array;
  private readonly sinceNs: Float64Array;
  private readonly servedClass: Uint8Array;
  private readonly throttled: Uint8Array;
  private readonly alarm: PeriodAlarm;
  private readonly threads: number;
  /** While nobody waits, no slice is seen to begin: then they are looked for, and not before this moment. */
  private lookNs = 0;

  constructor(
    timers: Timers,
    private readonly vps: VirtualProcessors,
    private readonly processors: ProcessorView,
    private readonly parameters: CoreParameters,
  ) {
    this.threads = parameters.threadsPerCore;
    this.groups = virtualCores(vps, this.threads, parameters.guestThreadsPerCore);
    const groups = this.groups.length;
    const cores = Math.ceil(processors.lpCount / this.threads);
    this.groupOf = new Int32Array(vps.count);
    this.groups.forEach(({ vps: members }, group) => {
      for (const vp of members) this.groupOf[vp] = group;
    });
    this.ready = new Uint8Array(vps.count);
    this.throttled = new Uint8Array(vps.count);
    this.budgets = new CpuBudgets(vps, parameters.periodNs);
    this.reserved = new IndexedHeap(groups);
    this.shared = new IndexedHeap(groups);
    this.pinnedReady = new Int32Array(cores).fill(-1);
    this.owner = new Int32Array(cores).fill(-1);
    this.leaving = new Uint8Array(cores);
    this.awaited = new Uint8Array(cores);
    this.coreOf = new Int32Array(groups).fill(-1);
    this.sliceLeft = new Float64Array(groups).fill(parameters.sliceNs);
    this.sinceNs = new Float64Array(groups);
    this.servedClass = new Uint8Array(groups);
    const inverseWeight = Float64Array.from(this.groups, ({ vps: [first] }) => 100 / vps.shares[first!]!.weight);
    this.virtual = new VirtualTime(inverseWeight);
    this.alarm = new PeriodAlarm(timers, this, this.budgets, vps.count);
  }

  get waiting(): number {
    return this.shared.size + this.reserved.size + this.pinnedWaiting;
  }

  enqueue(vp: number, woken: boolean, nowNs: number): boolean {
    this.budgets.refill(vp, nowNs);
    if (this.budgets.exhausted(vp)) {
      this.throttled[vp] = 1;
      this.alarm.await(vp, nowNs);
      return false;
    }
    this.ready[vp] = 1;
    const group = this.groupOf[vp]!;
    if (this.coreOf[group]! >= 0) return true;
    if (nowNs >= this.lookNs && this.waiting === 0) this.look(nowNs);
    if (woken) this.virtual.wake(group, this.parameters.wakeBonusNs);
    this.insert(group, nowNs);
    return true;
  }

  dequeue(vp: number): void {
    this.ready[vp] = 0;
    this.throttled[vp] = 0;
    const group = this.groupOf[vp]!;
    if (this.coreOf[group]! < 0 && !this.anyReady(group)) this.remove(group);
  }

  pick(lp: number, nowNs: number): number {
    const core = this.core(lp);
    if (this.isBusy(core)) return this.leaving[core] === 1 ? -1 : this.takeMember(this.owner[core]!, lp);
    const chosen = this.owner[core]!;
    if (this.awaited[core] === 1 && this.anyReady(chosen)) return this.takeMember(chosen, lp);
    this.vacate(core, nowNs);
    const group = this.best(core);
    if (group < 0) return -1;
    this.occupy(core, group, nowNs);
    const vp = this.takeMember(group, lp);
    for (const member of this.groups[group]!.vps) if (this.ready[member] === 1) this.processors.reconsider(member);
    return vp;
  }

  place(vp: number, nowNs: number): number {
    const group = this.groupOf[vp]!;
    const { pinnedCore, threadOf } = this.groups[group]!;
    const thread = threadOf(vp);
    const held = this.coreOf[group]!;
    if (held >= 0) {
      const lp = held * this.threads + thread;
      return this.leaving[held] === 0 && this.processors.running[lp]! < 0 ? lp : -1;
    }
    const last = pinnedCore >= 0 ? pinnedCore : this.core(this.vps.lp[vp]!);
    if (last >= 0 && this.isFree(last)) return last * this.threads + thread;
    const idle = this.idleCore();
    if (idle >= 0 && pinnedCore < 0) return idle * this.threads + thread;
    // Whoever is not pinned moves to the idle core.
    if (idle >= 0 && last >= 0 && this.groups[this.owner[last]!]!.pinnedCore < 0) return this.expel(last);
    if (last >= 0 && this.makesWay(this.owner[last]!, group, nowNs)) return this.expel(last);
    if (pinnedCore >= 0 || this.classOf(group) === Class.Shared) return -1;
    const core = this.lastInLine(nowNs);
    return core < 0 ? -1 : this.expel(core);
  }

  budgetNs(vp: number, startNs: number): number {
    const ns = this.budgets.runNs(vp, startNs);
    if (this.waiting === 0) return ns;
    const group = this.groupOf[vp]!;
    const heldNs = startNs - this.sinceNs[group]!;
    this.renew(group, heldNs);
    return Math.min(this.sliceLeft[group]! - heldNs, ns);
  }

  charge(vp: number, ns: number): void {
    this.budgets.spend(vp, ns);
  }

  mayContinue(vp: number, lp: number, nowNs: number): boolean {
    const core = this.core(lp);
    const group = this.groupOf[vp]!;
    this.budgets.refill(vp, nowNs);
    if (this.budgets.exhausted(vp) || this.leaving[core] === 1) return false;
    this.bill(group, nowNs);
    const before = this.servedClass[group]!;
    this.servedClass[group] = this.classOf(group);
    if (this.waiting === 0) return true;
    if (this.sliceLeft[group]! < 0) this.renew(group, 0);
    if (this.sliceLeft[group]! > 0 && this.servedClass[group]! <= before) return true;
    const rival = this.best(core);
    if (rival >= 0 && this.goesBefore(rival, group)) {
      this.expel(core, lp);
      return false;
    }
    if (this.sliceLeft[group]! > 0) return true;
    this.sliceLeft[group] = this.parameters.sliceNs;
    this.served(group);
    return true;
  }

  /** A period begins: throttled VPs run again, and those that had spent their reserve have it back. */
  fire(_argument: number, nowNs: number): void {
    for (const vp of this.alarm.take()) {
      this.budgets.refill(vp, nowNs);
      if (this.ready[vp] === 1) {
        if (this.coreOf[this.groupOf[vp]!]! < 0) this.insert(this.groupOf[vp]!, nowNs);
      } else if (this.throttled[vp] === 0) {
        continue;
      }
      this.throttled[vp] = 0;
      this.processors.reconsider(vp);
    }
  }

  // --- who has which core -------------------------------------------------------------------------------------

  private occupy(core: number, group: number, nowNs: number): void {
    this.remove(group);
    this.owner[core] = group;
    this.awaited[core] = 1;
    this.coreOf[group] = core;
    this.sinceNs[group] = nowNs;
    this.sliceLeft[group] = this.parameters.sliceNs;
    for (const vp of this.groups[group]!.vps) this.budgets.refill(vp, nowNs);
    this.servedClass[group] = this.classOf(group);
    this.served(group);
  }

  /** A slice begins. */
  private served(group: number): void {
    if (this.servedClass[group] === Class.Shared) this.virtual.serve(group);
  }

  /** Finds how far those who have a core without anybody waiting have come. */
  private look(nowNs: number): void {
    this.lookNs = nowNs + this.parameters.sliceNs;
    for (const group of this.owner) {
      if (group < 0) continue;
      this.bill(group, nowNs);
      this.served(group);
    }
  }

  /** Slices that ended while nobody waited, the last of them within the time not yet billed, began anew. */
  private renew(group: number, unbilledNs: number): void {
    const over = unbilledNs - this.sliceLeft[group]!;
    const { sliceNs } = this.parameters;
    if (over >= 0) this.sliceLeft[group] = this.sliceLeft[group]! + (Math.floor(over / sliceNs) + 1) * sliceNs;
  }

  /** Nothing runs on the core: whoever had it stands in line again. */
  private vacate(core: number, nowNs: number): void {
    const group = this.owner[core]!;
    this.leaving[core] = 0;
    this.awaited[core] = 0;
    if (group < 0) return;
    this.bill(group, nowNs);
    this.owner[core] = -1;
    this.coreOf[group] = -1;
    if (this.anyReady(group)) this.insert(group, nowNs);
  }

  /** Takes every thread of a core from its owner; returns one that the dispatcher is to take at once. */
  private expel(core: number, except = -1): number {
    const { running } = this.processors;
    let first = -1;
    for (let lp = core * this.threads; lp < (core + 1) * this.threads; lp++) {
      if (running[lp]! < 0 || lp === except) continue;
      this.leaving[core] = 1;
      if (first < 0 && except < 0) first = lp;
      else this.processors.reschedule(lp);
    }
    return first;
  }

  private takeMember(group: number, lp: number): number {
    const { vps, threadOf } = this.groups[group]!;
    for (const vp of vps) {
      if (this.ready[vp] === 0 || threadOf(vp) !== lp % this.threads) continue;
      this.ready[vp] = 0;
      this.awaited[this.core(lp)] = 0;
      return vp;
    }
    return -1;
  }

  /** Counts the time a virtual core has held its core. */
  private bill(group: number, nowNs: number): void {
    if (this.coreOf[group]! < 0) return;
    const ns = nowNs - this.sinceNs[group]!;
    this.sinceNs[group] = nowNs;
    this.sliceLeft[group] = this.sliceLeft[group]! - ns;
    this.virtual.run(group, ns);
  }

  private isBusy(core: number): boolean {
    const { running } = this.processors;
    for (let lp = core * this.threads; lp < (core + 1) * this.threads; lp++) if (running[lp]! >= 0) return true;
    return false;
  }

  /** Nothing runs on the core, and nobody is about to. */
  private isFree(core: number): boolean {
    return this.awaited[core] === 0 && !this.isBusy(core);
  }

  private idleCore(): number {
    if (this.processors.idleLp() < 0) return -1;
    for (let core = 0; core < this.owner.length; core++) if (this.isFree(core)) return core;
    return -1;
  }

  private core(lp: number): number {
    return Math.floor(lp / this.threads);
  }

  // --- who goes first -----------------------------------------------------------------------------------------

  private insert(group: number, nowNs: number): void {
    const { pinnedCore, vps } = this.groups[group]!;
    this.virtual.hold(group, this.parameters.periodNs);
    this.remove(group);
    const reserve = this.reserveLeft(group);
    if (pinnedCore >= 0) this.setPinned(pinnedCore, group);
    else if (reserve > 0) this.reserved.set(group, -reserve);
    else this.shared.set(group, this.virtual.of(group));
    if (reserve > 0) return;
    for (const vp of vps) if (this.ready[vp] === 1 && this.budgets.reserveNs[vp]! > 0) this.alarm.await(vp, nowNs);
  }

  private remove(group: number): void {
    const { pinnedCore } = this.groups[group]!;
    if (pinnedCore >= 0 && this.pinnedReady[pinnedCore] === group) this.setPinned(pinnedCore, -1);
    this.reserved.remove(group);
    this.shared.remove(group);
  }

  private setPinned(core: number, group: number): void {
    this.pinnedWaiting += (group >= 0 ? 1 : 0) - (this.pinnedReady[core]! >= 0 ? 1 : 0);
    this.pinnedReady[core] = group;
  }

  /** The virtual core in line that this core would run next. */
  private best(core: number): number {
    const own = this.pinnedReady[core]!;
    const free = this.reserved.size > 0 ? this.reserved.peek() : this.shared.peek();
    if (own < 0) return free;
    if (free >= 0 && this.idleCore() >= 0) return own;
    return free >= 0 && this.goesBefore(free, own) ? free : own;
  }

  private goesBefore(a: number, b: number): boolean {
    const classA = this.classOf(a);
    const classB = this.classOf(b);
    if (classA !== classB) return classA < classB;
    if (classA === Class.Reserved) return this.reserveLeft(a) > this.reserveLeft(b);
    return this.virtual.of(a) < this.virtual.of(b);
  }

  private makesWay(running: number, woken: number, nowNs: number): boolean {
    this.bill(running, nowNs);
    const classRunning = this.classOf(running);
    const classWoken = this.classOf(woken);
    if (classRunning !== classWoken) return classWoken < classRunning;
    if (classRunning === Class.Reserved) return false;
    return this.virtual.of(woken) + this.parameters.wakeGranularityNs < this.virtual.of(running);
  }

  /** The core whose owner runs beyond its reserve and had the most; -1 when all run within theirs. */
  private lastInLine(nowNs: number): number {
    let found = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let core = 0; core < this.owner.length; core++) {
      const group = this.owner[core]!;
      if (group < 0 || this.leaving[core] === 1 || this.classOf(group) === Class.Reserved) continue;
      this.bill(group, nowNs);
      if (this.virtual.of(group) <= most) continue;
      most = this.virtual.of(group);
      found = core;
    }
    return found;
  }

  private classOf(group: number): number {
    return this.reserveLeft(group) > 0 ? Class.Reserved : Class.Shared;
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

  private anyReady(group: number): boolean {
    return this.groups[group]!.vps.some((vp) => this.ready[vp] === 1);
  }
}
