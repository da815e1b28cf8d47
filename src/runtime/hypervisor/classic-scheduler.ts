import { IndexedHeap } from '../indexed-heap.js';
import type { TimerOwner, Timers } from '../timers.js';
import { CpuBudgets } from './cpu-budgets.js';
import { PeriodAlarm } from './period-alarm.js';
import type { ProcessorView, Scheduler } from './scheduler.js';
import { type VirtualProcessors, VpState } from './virtual-processors.js';
import { VirtualTime } from './virtual-time.js';

/** Parameters of the classic scheduler, in ns. */
export interface ClassicParameters {
  /** While nobody waits. */
  sliceNs: number;
  /** Those who wait for an LP share its slice, down to this. */
  minimumSliceNs: number;
  /** Period over which reserve and limit hold. */
  periodNs: number;
  wakeBonusNs: number;
  wakeGranularityNs: number;
}

const Class = { Reserved: 0, Shared: 1 } as const;

/**
 * Hyper-V's classic scheduler as TLFS chapter 18 describes it: pre-emptive, reserve first, then relative weight,
 * never beyond the limit. Reserve and limit are budgets of each VP per period, refilled lazily. Within the reserve
 * the VP with most of it left goes first; beyond it, start-time fair queueing: the VP with the least run time over
 * weight. Root VPs are pinned to their LP, all others go to any LP and like the one they had.
 */
export class ClassicScheduler implements Scheduler, TimerOwner {
  private readonly reserved: IndexedHeap;
  private readonly shared: IndexedHeap;
  /** The pinned VP of an LP that is ready, or -1. */
  private readonly pinnedReady: Int32Array;
  private pinnedWaiting = 0;
  private readonly virtual: VirtualTime;
  /** Below 0 when slices have ended while nobody waited. */
  private readonly sliceLeft: Float64Array;
  private readonly budgets: CpuBudgets;
  /** The class a VP was in when it was last picked or reviewed. */
  private readonly servedClass: Uint8Array;
  /** 1 for a VP that has used up its limit and waits for the next period. */
  private readonly throttled: Uint8Array;
  private readonly alarm: PeriodAlarm;
  /** While nobody waits, no slice is seen to begin: then they are looked for, and not before this moment. */
  private lookNs = 0;

  constructor(
    timers: Timers,
    private readonly vps: VirtualProcessors,
    private readonly processors: ProcessorView,
    private readonly parameters: ClassicParameters,
  ) {
    const { count } = vps;
    this.reserved = new IndexedHeap(count);
    this.shared = new IndexedHeap(count);
    this.pinnedReady = new Int32Array(processors.lpCount).fill(-1);
    this.virtual = new VirtualTime(Float64Array.from({ length: count }, (_, vp) => 100 / vps.shares[vp]!.weight));
    this.sliceLeft = new Float64Array(count).fill(parameters.sliceNs);
    this.budgets = new CpuBudgets(vps, parameters.periodNs);
    this.servedClass = new Uint8Array(count);
    this.throttled = new Uint8Array(count);
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
    if (nowNs >= this.lookNs && this.waiting === 0) this.look(nowNs);
    if (woken) this.virtual.wake(vp, this.parameters.wakeBonusNs);
    this.virtual.hold(vp, this.parameters.periodNs);
    this.insert(vp, nowNs);
    return true;
  }

  dequeue(vp: number): void {
    this.reserved.remove(vp);
    this.shared.remove(vp);
    this.throttled[vp] = 0;
    const lp = this.vps.pinned[vp]!;
    if (lp >= 0 && this.pinnedReady[lp] === vp) this.setPinned(lp, -1);
  }

  pick(lp: number, nowNs: number): number {
    const vp = this.best(lp);
    if (vp < 0) return -1;
    if (this.pinnedReady[lp] === vp) this.setPinned(lp, -1);
    else if (this.reserved.has(vp)) this.reserved.remove(vp);
    else this.shared.remove(vp);
    this.sliceLeft[vp] = this.sliceNs();
    this.budgets.refill(vp, nowNs);
    this.servedClass[vp] = this.classOf(vp);
    this.served(vp);
    return vp;
  }

  place(vp: number, _nowNs: number): number {
    const { running } = this.processors;
    const own = this.vps.pinned[vp]!;
    if (own >= 0) return running[own]! < 0 || this.canMove(running[own]!) || this.makesWay(own, vp) ? own : -1;
    const last = this.vps.lp[vp]!;
    const idle = this.processors.idleLp(last);
    if (idle >= 0) return idle;
    if (last >= 0 && this.makesWay(last, vp)) return last;
    return this.classOf(vp) === Class.Reserved ? this.lastInLine() : -1;
  }

  budgetNs(vp: number, startNs: number): number {
    const ns = this.budgets.runNs(vp, startNs);
    if (this.waiting === 0) return ns;
    this.renew(vp);
    return Math.min(this.sliceLeft[vp]!, ns);
  }

  charge(vp: number, ns: number): void {
    this.virtual.run(vp, ns);
    this.sliceLeft[vp] = this.sliceLeft[vp]! - ns;
    this.budgets.spend(vp, ns);
  }

  mayContinue(vp: number, lp: number, nowNs: number): boolean {
    this.budgets.refill(vp, nowNs);
    if (this.budgets.exhausted(vp)) return false;
    const before = this.servedClass[vp]!;
    this.servedClass[vp] = this.classOf(vp);
    if (this.waiting === 0) return true;
    if (this.sliceLeft[vp]! < 0) this.renew(vp);
    if (this.sliceLeft[vp]! > 0 && this.servedClass[vp]! <= before) return true;
    const rival = this.best(lp);
    if (rival >= 0 && this.goesBefore(rival, vp)) return false;
    if (this.sliceLeft[vp]! > 0) return true;
    this.sliceLeft[vp] = this.sliceNs();
    this.served(vp);
    return true;
  }

  /** A period begins: throttled VPs run again, and those that had spent their reserve have it back. */
  fire(_argument: number, nowNs: number): void {
    for (const vp of this.alarm.take()) {
      if (this.vps.state[vp] === VpState.Ready) {
        this.shared.remove(vp);
        this.budgets.refill(vp, nowNs);
        this.insert(vp, nowNs);
      } else if (this.throttled[vp] === 0) {
        continue;
      }
      this.throttled[vp] = 0;
      this.processors.reconsider(vp);
    }
  }

  /** A slice begins. */
  private served(vp: number): void {
    if (this.servedClass[vp] === Class.Shared) this.virtual.serve(vp);
  }

  /** Finds how far those who run without anybody waiting have come. */
  private look(nowNs: number): void {
    this.lookNs = nowNs + this.parameters.sliceNs;
    const { running } = this.processors;
    for (let lp = 0; lp < running.length; lp++) {
      if (running[lp]! < 0) continue;
      this.processors.accountFor(lp);
      this.served(running[lp]!);
    }
  }

  /** Slices that ended while nobody waited began anew, one after the other. */
  private renew(vp: number): void {
    const left = this.sliceLeft[vp]!;
    if (left <= 0) this.sliceLeft[vp] = this.parameters.sliceNs - (-left % this.parameters.sliceNs);
  }

  private sliceNs(): number {
    const { sliceNs, minimumSliceNs } = this.parameters;
    if (minimumSliceNs >= sliceNs) return sliceNs;
    const contenders = 1 + Math.ceil(this.shared.size / this.processors.lpCount);
    return Math.max(minimumSliceNs, Math.floor(sliceNs / contenders));
  }

  private insert(vp: number, nowNs: number): void {
    const lp = this.vps.pinned[vp]!;
    if (lp >= 0) this.setPinned(lp, vp);
    else if (this.classOf(vp) === Class.Reserved) this.reserved.set(vp, -this.budgets.reserveLeft[vp]!);
    else this.shared.set(vp, this.virtual.of(vp));
    if (this.budgets.reserveNs[vp]! > 0 && this.classOf(vp) === Class.Shared) {
      this.alarm.await(vp, nowNs);
    }
  }

  private setPinned(lp: number, vp: number): void {
    this.pinnedWaiting += (vp >= 0 ? 1 : 0) - (this.pinnedReady[lp]! >= 0 ? 1 : 0);
    this.pinnedReady[lp] = vp;
  }

  /** The ready VP this LP would run next. */
  private best(lp: number): number {
    const own = this.pinnedReady[lp]!;
    const free = this.reserved.size > 0 ? this.reserved.peek() : this.shared.peek();
    if (own < 0) return free;
    // Whoever is not pinned finds another LP.
    if (free >= 0 && this.processors.idleLp() >= 0) return own;
    return free >= 0 && this.goesBefore(free, own) ? free : own;
  }

  private goesBefore(a: number, b: number): boolean {
    const classA = this.classOf(a);
    const classB = this.classOf(b);
    if (classA !== classB) return classA < classB;
    if (classA === Class.Reserved) return this.budgets.reserveLeft[a]! > this.budgets.reserveLeft[b]!;
    return this.virtual.of(a) < this.virtual.of(b);
  }

  /** Whether a running VP can go on elsewhere when a pinned one wants its LP. */
  private canMove(running: number): boolean {
    return this.vps.pinned[running]! < 0 && this.processors.idleLp() >= 0;
  }

  /** Whether the VP that runs on an LP makes way for one that woke. */
  private makesWay(lp: number, woken: number): boolean {
    this.processors.accountFor(lp);
    const running = this.processors.running[lp]!;
    const classRunning = this.classOf(running);
    const classWoken = this.classOf(woken);
    if (classRunning !== classWoken) return classWoken < classRunning;
    if (classRunning === Class.Reserved) return false;
    return this.virtual.of(woken) + this.parameters.wakeGranularityNs < this.virtual.of(running);
  }

  /** The LP whose VP runs beyond its reserve and had the most; -1 when all run within theirs. */
  private lastInLine(): number {
    const { running } = this.processors;
    let found = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let lp = 0; lp < running.length; lp++) {
      const vp = running[lp]!;
      if (this.classOf(vp) === Class.Reserved) continue;
      this.processors.accountFor(lp);
      if (this.virtual.of(vp) <= most) continue;
      most = this.virtual.of(vp);
      found = lp;
    }
    return found;
  }

  private classOf(vp: number): number {
    return this.budgets.reserveLeft[vp]! > 0 ? Class.Reserved : Class.Shared;
  }
}
