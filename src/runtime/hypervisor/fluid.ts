import { Tournament } from '../tournament.js';
import { ClassClocks } from './class-clocks.js';
import { FluidCores } from './fluid-cores.js';
import { FluidRates, Master } from './fluid-rates.js';
import type { ShareClasses } from './share-classes.js';
import type { SmtCost } from './smt.js';

/** What rounding may leave of a burst in ns: it is done. */
const NEARLY = 1e-3;
const NONE = -1;

/**
 * VPs that run as a fluid, each at the rate of its class: how much work each has left, and which is done next. A class has one
 * clock, of the work that each of its VPs would have done, and a VP's burst ends when that clock comes to its tag.
 */
export class Fluid {
  private readonly rates: FluidRates;
  private readonly work: ClassClocks;
  /** Time on an LP, and what cores do of it; null where that is work done. */
  private readonly onLp: ClassClocks | null;
  private readonly cores: FluidCores | null;
  /** By VP: what the clock of time on an LP said when its time was taken. */
  private readonly takenNs: Float64Array;
  /** By class: the tags of those who run, and the first of them. */
  private readonly tags: Tournament[];
  private readonly first: Float64Array;
  /** By master: what it says when the first of each class that follows it is done. */
  private readonly due: readonly [steady: Tournament, level: Tournament];
  private isStale = false;
  /** The master of the class whose first is done next. */
  private nextMaster: 0 | 1 = Master.Steady;
  private nextNs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly classes: ShareClasses,
    lpCount: number,
    smt: SmtCost | null = null,
  ) {
    const { count, members, classOf, weight } = classes;
    const mostWeight = weight.reduce((most, each) => Math.max(most, each), 1);
    this.rates = new FluidRates(classes, lpCount);
    this.work = new ClassClocks(this.rates, mostWeight);
    this.onLp = smt === null ? null : new ClassClocks(this.rates, mostWeight);
    this.cores = smt === null ? null : new FluidCores(lpCount, smt);
    this.takenNs = new Float64Array(classOf.length);
    this.tags = members.map((vps) => new Tournament(vps.length));
    this.first = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    this.due = [new Tournament(count), new Tournament(count)];
  }

  /** A VP begins to run a burst. */
  join(vp: number, burstNs: number, nowNs: number): void {
    const one = this.classes.classOf[vp]!;
    if (this.rates.isIdle(one)) this.work.begin(one, nowNs);
    if (this.onLp !== null) this.takenNs[vp] = this.onLp.at(one, nowNs);
    this.rates.add(one, 1);
    this.mark(one, vp, this.work.at(one, nowNs) + burstNs);
  }

  /** A VP runs no longer. */
  leave(vp: number): void {
    const one = this.classes.classOf[vp]!;
    this.rates.add(one, -1);
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
    const left = this.tagOf(vp) - this.work.at(this.classes.classOf[vp]!, nowNs);
    return Math.max(0, Math.ceil(left - NEARLY));
  }

  /** Whole ns that a VP was on an LP since this was last asked; null where that is the work it did. */
  takeLpNs(vp: number, nowNs: number): number | null {
    if (this.onLp === null) return null;
    const taken = this.takenNs[vp]!;
    const ns = Math.floor(this.onLp.at(this.classes.classOf[vp]!, nowNs) - taken + NEARLY);
    this.takenNs[vp] = taken + ns;
    return ns;
  }

  /** The VP whose burst is done now, of those that {@link flow} has announced; or -1. */
  done(nowNs: number): number {
    const master = this.nextMaster;
    const due = this.due[master]!;
    if (due.leastKey() <= this.work.masterAt(master, nowNs)) {
      const one = due.first();
      return this.classes.members[one]![this.tags[one]!.first()]!;
    }
    this.isStale = true;
    return NONE;
  }

  /** Brings the rates to who runs now; returns the moment at which the next burst is done, in whole ns, or Infinity. */
  flow(nowNs: number): number {
    if (!this.isStale) return this.nextNs;
    this.isStale = false;
    const { rates, work, due } = this;
    rates.solve();
    this.setSpeeds(nowNs);
    if (rates.hasChanged) this.follow(nowNs);
    const steadyNs = work.nsUntil(Master.Steady, due[Master.Steady].leastKey(), nowNs);
    const levelNs = work.nsUntil(Master.Level, due[Master.Level].leastKey(), nowNs);
    this.nextMaster = steadyNs <= levelNs ? Master.Steady : Master.Level;
    this.nextNs = nowNs + Math.min(steadyNs, levelNs);
    return this.nextNs;
  }

  /** Brings the masters to the level. */
  private setSpeeds(nowNs: number): void {
    const { rates, work, onLp, cores } = this;
    const { scale, level } = rates;
    const speed = cores === null ? 1 : cores.speed(rates.busyLps());
    if (work.setSpeed(Master.Steady, scale * speed, nowNs)) this.setBack(nowNs);
    if (work.setSpeed(Master.Level, level * speed, nowNs)) this.setAllDue();
    onLp?.setSpeed(Master.Steady, scale, nowNs);
    onLp?.setSpeed(Master.Level, level, nowNs);
  }

  /** All clocks begin at 0 again, and those who run have as much left as before: so rounding stays small for ever. */
  private setBack(nowNs: number): void {
    const { work, onLp, first, takenNs } = this;
    this.rates.recount();
    this.classes.members.forEach((vps, one) => {
      const by = work.at(one, nowNs);
      const lpBy = onLp === null ? 0 : onLp.at(one, nowNs);
      const tags = this.tags[one]!;
      vps.forEach((vp, place) => {
        tags.set(place, tags.keyOf(place) - by);
        takenNs[vp] = takenNs[vp]! - lpBy;
      });
      first[one] = tags.leastKey();
      work.begin(one, nowNs);
      onLp?.begin(one, nowNs);
    });
    this.setAllDue();
  }

  /** Brings the clocks to the masters that they have now. */
  private follow(nowNs: number): void {
    const { work, onLp, first } = this;
    const { master, factor } = this.rates;
    for (let one = 0; one < first.length; one++) {
      const before = work.masterOf(one);
      if (!work.follow(one, master[one]!, factor[one]!, nowNs)) continue;
      onLp?.follow(one, master[one]!, factor[one]!, nowNs);
      this.due[before]!.set(one, Number.POSITIVE_INFINITY);
      this.setDue(one);
    }
  }

  private mark(one: number, vp: number, tag: number): void {
    const tags = this.tags[one]!;
    tags.set(this.classes.placeOf[vp]!, tag);
    this.isStale = true;
    const first = tags.leastKey();
    if (first === this.first[one]) return;
    this.first[one] = first;
    this.setDue(one);
  }

  private setAllDue(): void {
    for (let one = 0; one < this.first.length; one++) this.setDue(one);
  }

  private setDue(one: number): void {
    this.due[this.work.masterOf(one)]!.set(one, this.work.masterWhen(one, this.first[one]! - NEARLY));
  }

  private tagOf(vp: number): number {
    return this.tags[this.classes.classOf[vp]!]!.keyOf(this.classes.placeOf[vp]!);
  }
}
