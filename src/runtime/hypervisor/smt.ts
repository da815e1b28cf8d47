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
  /** One bit for each idle core. */
  private readonly idle: Int32Array;
  /** Speed of a thread by the number of busy threads of its core; 1 when it is alone. */
  private readonly speeds: number[];

  constructor(
    lpCount: number,
    private readonly cost: SmtCost,
  ) {
    this.threads = cost.threadsPerCore;
    const cores = Math.ceil(lpCount / this.threads);
    this.busy = new Uint8Array(cores);
    this.idle = new Int32Array(Math.ceil(cores / 32));
    for (let core = 0; core < cores; core++) this.idle[core >> 5] = this.idle[core >> 5]! | (1 << (core & 31));
    // One more thread adds as much as the second did; slower than taking turns it is never.
    const more = Math.min(1, Math.max(0, cost.throughputPercent / 100 - 1));
    this.speeds = Array.from({ length: this.threads + 1 }, (_, k) => (k <= 1 ? 1 : (1 + (k - 1) * more) / k));
  }

  /** The first thread of the core of this LP. */
  firstOf(lp: number): number {
    return lp - (lp % this.threads);
  }

  count(lp: number, busier: 1 | -1): void {
    const core = this.core(lp);
    const busy = this.busy[core]! + busier;
    this.busy[core] = busy;
    const bit = 1 << (core & 31);
    this.idle[core >> 5] = busy === 0 ? this.idle[core >> 5]! | bit : this.idle[core >> 5]! & ~bit;
  }

  isCoreIdle(lp: number): boolean {
    return this.busy[this.core(lp)] === 0;
  }

  /** The first LP of the first idle core, or -1. */
  idleCore(): number {
    for (let word = 0; word < this.idle.length; word++) {
      const bits = this.idle[word]!;
      if (bits !== 0) return (word * 32 + 31 - Math.clz32(bits & -bits)) * this.threads;
    }
    return -1;
  }

  /** How long this much work takes from now on, in whole ns. */
  timeFor(lp: number, workNs: number): number {
    const speed = this.speedOf(lp);
    return speed === 1 ? workNs : Math.ceil(workNs / speed);
  }

  /** The work that was done in `ranNs`, at most `burstNs`; the rest of the time is contention. */
  workDone(lp: number, ranNs: number, burstNs: number): number {
    const speed = this.speedOf(lp);
    if (speed === 1) return ranNs;
    // A hair more than the product, so that rounding never keeps the last nanosecond from being done.
    const work = Math.min(burstNs, Math.floor(ranNs * speed + 1e-6));
    this.cost.contention.chargeNs(ranNs - work);
    return work;
  }

  private speedOf(lp: number): number {
    return this.speeds[this.busy[this.core(lp)]!]!;
  }

  private core(lp: number): number {
    return Math.floor(lp / this.threads);
  }
}
