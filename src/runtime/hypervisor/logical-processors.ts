import { invariant } from '../defect.js';
import type { TimerOwner, Timers } from '../timers.js';
import type { Timeline } from '../trace/timeline.js';
import { IdleLps } from './idle-lps.js';
import { LpRuns } from './lp-runs.js';
import type { LpTimes, SwitchCost } from './lp-times.js';
import { Nodes } from './nodes.js';
import type { Processors } from './processors.js';
import type { RemoteMemoryCost } from './remote-memory.js';
import type { ProcessorView, Scheduler } from './scheduler.js';
import type { SmtCost } from './smt.js';
import { Suspension, type VirtualProcessors, VpState } from './virtual-processors.js';

/**
 * The dispatcher: puts VPs on logical processors as the scheduler says, and lets each act at its exits. What runs in between
 * is {@link LpRuns}.
 */
export class LogicalProcessors implements Processors, ProcessorView, TimerOwner {
  readonly running: Int32Array;
  readonly times: LpTimes;
  private readonly runs: LpRuns;
  private readonly idle: IdleLps;
  readonly nodes: Nodes;
  /** VPs that became ready and have no LP yet; the first `wokenCount` are meant. */
  private readonly woken: number[] = [];
  private wokenCount = 0;
  /** LPs whose VP makes way as soon as nothing is in transition. */
  private readonly expelled: number[] = [];
  /** LPs that became idle and may fetch a VP from another node. */
  private readonly idled: number[] = [];
  /** 1 for LPs whose VP is at home on another node, and how many there are: mostly none, and then there is nobody to fetch. */
  private readonly isAbroad: Uint8Array;
  private abroad = 0;
  private depth = 0;
  private scheduler!: Scheduler;
  /** Times a VP was put on an LP. */
  dispatches = 0;
  timeline: Timeline | null = null;

  constructor(
    private readonly timers: Timers,
    private readonly vps: VirtualProcessors,
    readonly lpCount: number,
    switchCost: SwitchCost,
    smt: SmtCost | null = null,
    /** What a VP has to run more when it goes on on another core; null: nothing. */
    private readonly cacheRefill: { charge(): number } | null = null,
    /** Null where all memory is equally near. */
    remote: RemoteMemoryCost | null = null,
  ) {
    this.runs = new LpRuns(timers, vps, lpCount, this, switchCost, smt, remote);
    this.running = this.runs.running;
    this.times = this.runs.times;
    this.nodes = remote?.nodes ?? new Nodes(lpCount);
    this.isAbroad = new Uint8Array(lpCount);
    this.idle = new IdleLps(lpCount, this.nodes, this.runs.smt);
  }

  /** The policy; set once before the run. */
  use(scheduler: Scheduler): void {
    this.scheduler = scheduler;
    this.runs.use(scheduler);
  }

  isHome(node: number): boolean {
    return this.nodes.hasLps(node);
  }

  /** An interrupt for a VP: wakes it when it halted, else the guest may turn to it at once. */
  interrupt(vp: number): void {
    const now = this.timers.nowNs;
    if (this.vps.state[vp] === VpState.Running) this.runs.settle(this.vps.lp[vp]!, now);
    const left = this.vps.burstNs[vp]!;
    if (left > 0) {
      this.vps.burstNs[vp] = this.vps.guests[vp]!.interrupt(vp, left, now);
      if (this.vps.state[vp] === VpState.Running) this.runs.proceed(this.vps.lp[vp]!, vp);
      return;
    }
    this.wake(vp);
  }

  /** A halted VP has something to do. */
  wake(vp: number): void {
    if (this.vps.state[vp] !== VpState.Waiting) return;
    this.depth++;
    this.makeReady(vp, true, this.timers.nowNs);
    this.leave();
  }

  suspend(vp: number, why: number): void {
    const now = this.timers.nowNs;
    const state = this.vps.state[vp];
    this.vps.suspended[vp] = this.vps.suspended[vp]! | why;
    if (state === VpState.Suspended) return;
    this.depth++;
    this.scheduler.dequeue(vp);
    if (state === VpState.Running) this.runs.settle(this.vps.lp[vp]!, now);
    this.vps.enter(vp, VpState.Suspended, now);
    if (state === VpState.Running && this.inExit !== vp) this.dispatch(this.vps.lp[vp]!, now);
    this.leave();
  }

  /** Clears a reason for suspension; the VP is ready when it was the last one. */
  resume(vp: number, why: number): void {
    if (!this.vps.clearSuspension(vp, why)) return;
    this.depth++;
    this.makeReady(vp, true, this.timers.nowNs);
    this.leave();
  }

  /** Takes a VP out for good; whatever it was to run is dropped and returned in ns. */
  stop(vp: number): number {
    this.suspend(vp, Suspension.Explicit);
    return this.vps.drop(vp);
  }

  /** A guest spends time in the hypervisor on the LP its VP is on. */
  chargeHypervisor(vp: number, ns: number): number {
    const lp = this.vps.lp[vp]!;
    if (lp >= 0) this.times.inHypervisor(lp, ns);
    return ns;
  }

  get nowNs(): number {
    return this.timers.nowNs;
  }

  /** Brings all counters up to now. */
  account(): void {
    const now = this.timers.nowNs;
    this.runs.settleAll(now);
    for (let vp = 0; vp < this.vps.count; vp++) this.vps.account(vp, now);
  }

  accountFor(lp: number): void {
    if (this.running[lp]! >= 0) this.runs.settle(lp, this.timers.nowNs);
  }

  uncountedNs(lp: number): number {
    return this.times.uncountedNs(lp, this.timers.nowNs);
  }

  idleLp(preferred = -1, home = -1): number {
    return this.idle.find(preferred, home);
  }

  freeOn(node: number): number {
    return this.idle.freeOn(node);
  }

  reconsider(vp: number): void {
    this.depth++;
    if (this.vps.state[vp] === VpState.Waiting) this.makeReady(vp, true, this.timers.nowNs);
    else this.woken[this.wokenCount++] = vp;
    this.leave();
  }

  reschedule(lp: number): void {
    this.depth++;
    this.expelled.push(lp);
    this.leave();
  }

  review(): void {
    const now = this.timers.nowNs;
    this.depth++;
    for (let lp = 0; lp < this.lpCount; lp++) {
      const vp = this.running[lp]!;
      if (vp < 0) continue;
      this.runs.settle(lp, now);
      this.proceed(lp, vp, now);
    }
    this.leave();
  }

  /** The VP of an LP came to its next exit or to the end of its budget. */
  fire(lp: number, now: number): void {
    this.depth++;
    const vp = this.running[lp]!;
    this.runs.settle(lp, now);
    if (this.vps.burstNs[vp]! > 0 || this.exit(vp, now)) this.proceed(lp, vp, now);
    else this.dispatch(lp, now);
    this.leave();
  }

  private inExit = -1;

  /** The guest acts at its exit; false when it halted or was suspended. */
  private exit(vp: number, now: number): boolean {
    const before = this.inExit;
    this.inExit = vp;
    const burst = this.vps.guests[vp]!.next(vp, now);
    this.inExit = before;
    this.vps.burstNs[vp] = Math.max(0, burst);
    if (this.vps.state[vp] !== VpState.Running) return false;
    if (burst > 0) return true;
    this.vps.enter(vp, VpState.Waiting, now);
    return false;
  }

  private proceed(lp: number, vp: number, now: number): void {
    const next = this.scheduler.turn(vp, lp, now);
    if (next === vp) {
      this.runs.proceed(lp, vp);
      return;
    }
    if (next < 0) {
      this.makeReady(vp, false, now);
      this.dispatch(lp, now);
      return;
    }
    this.timeline?.end(lp, now);
    this.vps.enter(vp, VpState.Ready, now);
    this.woken[this.wokenCount++] = vp;
    if (!this.start(lp, next, now)) this.dispatch(lp, now);
  }

  private makeReady(vp: number, woken: boolean, now: number): void {
    const queued = this.scheduler.enqueue(vp, woken, now);
    this.vps.enter(vp, queued ? VpState.Ready : VpState.Waiting, now);
    if (queued) this.woken[this.wokenCount++] = vp;
  }

  /** Runs the next ready VP that has something to do on this LP. */
  private dispatch(lp: number, now: number): void {
    this.release(lp);
    for (;;) {
      const vp = this.scheduler.pick(lp, now);
      if (vp < 0) {
        this.goIdle(lp, now);
        this.runs.rest(lp);
        if (this.nodes.count > 1) this.idled.push(lp);
        return;
      }
      if (this.start(lp, vp, now)) return;
      this.release(lp);
    }
  }

  /** An LP turns to a VP; false when that has nothing to do. */
  private start(lp: number, vp: number, now: number): boolean {
    const moved = this.cacheRefill !== null && this.isElsewhere(vp, lp);
    this.occupy(lp, vp, now);
    if (this.vps.burstNs[vp] === 0 && !this.exit(vp, now)) {
      this.runs.settle(lp, now);
      return false;
    }
    if (moved) this.vps.burstNs[vp] = this.vps.burstNs[vp]! + this.cacheRefill!.charge();
    this.runs.proceed(lp, vp);
    return true;
  }

  /** Whether a VP ran before, and on another core than that of this LP. */
  private isElsewhere(vp: number, lp: number): boolean {
    const last = this.vps.lp[vp]!;
    if (last < 0 || last === lp) return false;
    const { smt } = this.runs;
    return smt === null || smt.firstOf(last) !== smt.firstOf(lp);
  }

  private occupy(lp: number, vp: number, now: number): void {
    invariant(this.vps.state[vp] === VpState.Ready, 'a VP that is not ready was dispatched');
    this.dispatches++;
    this.vps.enter(vp, VpState.Running, now);
    this.vps.lp[vp] = lp;
    this.runs.begin(lp, vp, now);
    if (this.nodes.count > 1) this.setAbroad(lp, this.vps.home[vp]! >= 0 && this.vps.home[vp] !== this.nodes.of(lp));
    if (this.idle.has(lp)) {
      this.idle.delete(lp);
      this.runs.share(lp, 1, now);
    }
    this.timeline?.begin(lp, vp, now);
  }

  private release(lp: number): void {
    this.timeline?.end(lp, this.timers.nowNs);
    this.running[lp] = -1;
    this.setAbroad(lp, false);
  }

  private setAbroad(lp: number, is: boolean): void {
    const was = this.isAbroad[lp]!;
    this.isAbroad[lp] = is ? 1 : 0;
    this.abroad += this.isAbroad[lp]! - was;
  }

  private goIdle(lp: number, now: number): void {
    if (this.idle.has(lp)) return;
    this.idle.add(lp);
    this.runs.share(lp, -1, now);
  }

  /** Once nothing is in transition, whoever became ready gets an LP, and LPs that became idle may fetch somebody. */
  private leave(): void {
    if (this.depth > 1) {
      this.depth--;
      return;
    }
    this.placeWoken();
    while (this.idled.length > 0) {
      const lp = this.idled.pop()!;
      if (this.abroad === 0 || this.running[lp]! >= 0 || !this.scheduler.fetch(lp)) continue;
      this.idled.push(lp);
      this.placeWoken();
    }
    this.runs.tighten();
    this.depth--;
  }

  /** VPs that became ready get an LP that is idle or makes way. */
  private placeWoken(): void {
    for (let i = 0; i < this.wokenCount || this.expelled.length > 0; ) {
      if (this.expelled.length > 0) {
        this.preempt(this.expelled.pop()!, this.timers.nowNs);
        continue;
      }
      const vp = this.woken[i++]!;
      if (this.vps.state[vp] !== VpState.Ready) continue;
      const lp = this.scheduler.place(vp, this.timers.nowNs);
      if (lp < 0) continue;
      const wasIdle = this.running[lp]! < 0;
      this.preempt(lp, this.timers.nowNs);
      // Somebody more urgent took the LP that was found for it: there may be another.
      if (wasIdle && this.vps.state[vp] === VpState.Ready) this.woken[this.wokenCount++] = vp;
    }
    this.wokenCount = 0;
  }

  private preempt(lp: number, now: number): void {
    const vp = this.running[lp]!;
    if (vp >= 0) {
      this.runs.settle(lp, now);
      this.makeReady(vp, false, now);
    }
    this.dispatch(lp, now);
  }
}
