import { BitSet } from './bit-set.js';
import { Pace, STEPS } from './pace.js';

/** Simultaneous multithreading: threads of a core, what they do together, and the time it costs them. */
export interface SmtCost {
  threadsPerCore: number;
  /** Throughput of two busy siblings, in percent of one that is alone. */
  throughputPercent: number;
  /** Counts the time a thread was busy and did not get on, because its siblings were, too. */
  contention: { chargeNs(ns: number, times?: number): number };
}

/** Threads that share a core slow one another down: each of k busy ones gets its part of what the core does then. */
export class Smt {
  readonly threads: number;
  private readonly busy: Uint8Array;
  /** Idle cores. */
  private readonly idle: BitSet;
  /** Work of a thread in `STEPS` times k nanoseconds, by the number k of busy threads of its core. */
  private readonly speeds: Int32Array;
  private readonly pace: Pace;

  constructor(
    lpCount: number,
    private readonly cost: SmtCost,
  ) {
    this.threads = cost.threadsPerCore;
    const cores = Math.ceil(lpCount / this.threads);
    this.busy = new Uint8Array(cores);
    this.idle = new BitSet(cores);
    for (let core = 0; core < cores; core++) this.idle.add(core);
    // One more thread adds as much as the second did; slower than taking turns it is never.
    const more = Math.min(1, Math.max(0, cost.throughputPercent / 100 - 1));
    this.speeds = Int32Array.from({ length: this.threads + 1 }, (_, k) => Math.round((1 + (k - 1) * more) * STEPS));
    this.pace = new Pace(lpCount);
  }

  /** The first thread of the core of this LP. */
  firstOf(lp: number): number {
    return lp - (lp % this.threads);
  }

  count(lp: number, busier: 1 | -1): void {
    const core = this.core(lp);
    const busy = this.busy[core]! + busier;
    this.busy[core] = busy;
    this.pace.reset(this.firstOf(lp), this.threads);
    if (busy === 0) this.idle.add(core);
    else this.idle.delete(core);
  }

  isCoreIdle(lp: number): boolean {
    return this.busy[this.core(lp)] === 0;
  }

  /** The first LP of the first idle core among the LPs from `first` to before `end`, or -1. */
  idleCore(first: number, end: number): number {
    const core = this.idle.first(Math.ceil(first / this.threads), Math.ceil(end / this.threads));
    return core < 0 ? -1 : core * this.threads;
  }

  /** How long this much work takes from now on, in whole ns. */
  timeFor(lp: number, workNs: number): number {
    const busy = this.busy[this.core(lp)]!;
    if (busy <= 1) return workNs;
    return this.pace.timeFor(lp, workNs, this.speeds[busy]!, STEPS * busy);
  }

  /** The work that was done in `ranNs`, at most `burstNs`; the rest of the time is contention. */
  workDone(lp: number, ranNs: number, burstNs: number): number {
    const busy = this.busy[this.core(lp)]!;
    if (busy <= 1) return ranNs;
    const work = this.pace.workDone(lp, ranNs, burstNs, this.speeds[busy]!, STEPS * busy);
    this.cost.contention.chargeNs(ranNs - work);
    return work;
  }

  private core(lp: number): number {
    return Math.floor(lp / this.threads);
  }
}
