import { Tournament } from '../tournament.js';
import { FluidCores } from './fluid-cores.js';
import { FluidRates } from './fluid-rates.js';
import type { ShareClasses } from './share-classes.js';
import type { SmtCost } from './smt.js';

/** Beyond so much work a clock is set back to 0, so that rounding stays below a millionth of a ns. */
const LONG_NS = 2 ** 32;
/** What rounding may leave of a burst in ns: it is done. */
const NEARLY = 1e-3;

/**
 * VPs that run as a fluid, each at the rate of its class: how much work each has left, and which is done next. A class has one
 * clock, of the work that each of its VPs would have done, and a VP's burst ends when that clock comes to its tag.
 */
export class Fluid {
  private readonly rates: FluidRates;
  /** Null where time on an LP is work done. */
  private readonly cores: FluidCores | null;
  /** By class: how many run, and the tags of those. */
  private readonly running: Int32Array;
  private readonly tags: Tournament[];
  /** By class: its clock, when that was read, and what it does in a ns. */
  private readonly clock: Float64Array;
  private readonly readNs: Float64Array;
  private readonly pace: Float64Array;
  /** By class: when its first is done, and 1 where that is not known because its tags have changed. */
  private readonly dueNs: Float64Array;
  private readonly stale: Uint8Array;
  private isStale = false;
  private nextNs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly classes: ShareClasses,
    lpCount: number,
    smt: SmtCost | null = null,
  ) {
    const { count, members } = classes;
    this.rates = new FluidRates(classes, lpCount);
    this.cores = smt === null ? null : new FluidCores(classes, lpCount, smt);
    this.running = new Int32Array(count);
    this.tags = members.map((vps) => new Tournament(vps.length));
    this.clock = new Float64Array(count);
    this.readNs = new Float64Array(count);
    this.pace = new Float64Array(count);
    this.dueNs = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    this.stale = new Uint8Array(count);
  }

  /** A VP begins to run a burst. */
  join(vp: number, burstNs: number, nowNs: number): void {
    const one = this.classes.classOf[vp]!;
    if (this.running[one] === 0) this.begin(one, nowNs);
    this.cores?.join(vp, nowNs - this.readNs[one]!);
    this.running[one]!++;
    this.mark(one, vp, this.clockAt(one, nowNs) + burstNs);
  }

  /** A VP runs no longer. */
  leave(vp: number): void {
    const one = this.classes.classOf[vp]!;
    this.running[one]!--;
    this.mark(one, vp, Number.POSITIVE_INFINITY);
  }

  /**
   * A VP has so much more to do, or less: its burst changed, or is done and the next one begins. What it did beyond the end of
   * that one, part of a ns, counts.
   */
  extend(vp: number, byNs: number): void {
    if (byNs !== 0) this.mark(this.classes.classOf[vp]!, vp, this.tagOf(vp) + byNs);
  }

  /** What a VP has left of its burst, rounded up to whole ns. Asking changes nothing. */
  leftNs(vp: number, nowNs: number): number {
    const left = this.tagOf(vp) - this.clockAt(this.classes.classOf[vp]!, nowNs);
    return Math.max(0, Math.ceil(left - NEARLY));
  }

  /** Whole ns that a VP was on an LP since this was last asked; null where that is the work it did. */
  takeLpNs(vp: number, nowNs: number): number | null {
    return this.cores === null ? null : this.cores.takeNs(vp, nowNs - this.readNs[this.classes.classOf[vp]!]!);
  }

  /** A VP whose burst is done by now, or -1. */
  firstDone(nowNs: number): number {
    const { dueNs, classes } = this;
    for (let one = 0; one < dueNs.length; one++) {
      if (dueNs[one]! > nowNs) continue;
      const tags = this.tags[one]!;
      if (tags.leastKey() - this.clockAt(one, nowNs) <= NEARLY) return classes.members[one]![tags.first()]!;
      this.stale[one] = 1;
      this.isStale = true;
    }
    return -1;
  }

  /** Brings the rates to who runs now; returns the moment at which the next burst is done, in whole ns, or Infinity. */
  flow(nowNs: number): number {
    if (!this.isStale) return this.nextNs;
    this.isStale = false;
    const { running, stale, dueNs, cores } = this;
    const { rate } = this.rates;
    this.rates.solve(running);
    const speed = cores === null ? 1 : cores.speed(this.busyLps());
    let nextNs = Number.POSITIVE_INFINITY;
    for (let one = 0; one < dueNs.length; one++) {
      const isOther = rate[one]! * speed !== this.pace[one] || (cores !== null && cores.rate[one] !== rate[one]);
      if (isOther) this.change(one, rate[one]!, speed, nowNs);
      if (isOther || stale[one] === 1) {
        stale[one] = 0;
        dueNs[one] = this.due(one, nowNs);
      }
      nextNs = Math.min(nextNs, dueNs[one]!);
    }
    this.nextNs = nextNs;
    return nextNs;
  }

  private busyLps(): number {
    let busy = 0;
    for (let one = 0; one < this.running.length; one++) busy += this.running[one]! * this.rates.rate[one]!;
    return busy;
  }

  private due(one: number, nowNs: number): number {
    const clock = this.clockAt(one, nowNs);
    const left = this.tags[one]!.leastKey() - clock;
    if (clock > LONG_NS) this.begin(one, nowNs);
    return left <= NEARLY ? nowNs : nowNs + Math.ceil((left - NEARLY) / this.pace[one]!);
  }

  private mark(one: number, vp: number, tag: number): void {
    this.tags[one]!.set(this.classes.placeOf[vp]!, tag);
    this.stale[one] = 1;
    this.isStale = true;
  }

  private tagOf(vp: number): number {
    return this.tags[this.classes.classOf[vp]!]!.keyOf(this.classes.placeOf[vp]!);
  }

  private clockAt(one: number, nowNs: number): number {
    return this.clock[one]! + this.pace[one]! * (nowNs - this.readNs[one]!);
  }

  /** A class goes on at another rate. */
  private change(one: number, rate: number, speed: number, nowNs: number): void {
    this.clock[one] = this.clockAt(one, nowNs);
    this.cores?.change(one, nowNs - this.readNs[one]!, rate);
    this.readNs[one] = nowNs;
    this.pace[one] = rate * speed;
  }

  /** The clock of a class begins at 0 again; those who run have as much left as before. */
  private begin(one: number, nowNs: number): void {
    const by = this.clockAt(one, nowNs);
    const tags = this.tags[one]!;
    for (let place = 0; this.running[one]! > 0 && place < this.classes.members[one]!.length; place++)
      tags.set(place, tags.keyOf(place) - by);
    this.cores?.begin(one, nowNs - this.readNs[one]!);
    this.clock[one] = 0;
    this.readNs[one] = nowNs;
  }
}
