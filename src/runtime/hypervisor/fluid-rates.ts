import { type ClaimColumns, fairLevel, fairShare } from './fair-level.js';
import type { ShareClasses } from './share-classes.js';

/** The master clock that the clock of a class follows: one that goes as time does, or one that goes as fast as the level says. */
export const Master = { Steady: 0, Level: 1 } as const;

/**
 * The max-min rate of each class of VPs, for the numbers of them that run: the sum of all is what the LPs give, or everybody
 * has its ceiling. One VP of a class has `factor`, or `factor` times {@link level} LPs, as its master says. Levels at which a
 * class leaves its floor or comes to its ceiling are sorted once; from one moment to the next the level passes few of them, and
 * only classes that it passes have another factor. Source: Bertsekas & Gallager, Data Networks, 6.5.
 */
export class FluidRates {
  readonly master: Uint8Array;
  readonly factor: Float64Array;
  level = 0;
  /** What there is of the floors: less than 1 where they are more than all LPs. */
  scale = 1;
  /** Whether masters or factors are others than before the level was found. */
  hasChanged = false;
  /** By class, how many run. */
  private readonly running: Int32Array;
  /** LPs of the classes that follow the steady one, and those of the others for each unit of the level. */
  private fixed = 0;
  private slope = 0;
  /** Levels at which a class leaves its floor or comes to its ceiling, from low to high, and which class that is. */
  private readonly steps: Float64Array;
  private readonly stepClass: Int32Array;
  /** How many of the steps are below the level. */
  private passed = 0;

  constructor(
    private readonly classes: ShareClasses,
    private readonly lpCount: number,
  ) {
    const { count, floor, ceiling, weight } = classes;
    this.running = new Int32Array(count);
    this.master = new Uint8Array(count);
    this.factor = floor.slice();
    const steps = Array.from({ length: count }, (_, one) => [
      { one, level: floor[one]! / weight[one]! },
      { one, level: ceiling[one]! / weight[one]! },
    ])
      .flat()
      .sort((a, b) => a.level - b.level);
    this.steps = Float64Array.from(steps, ({ level }) => level);
    this.stepClass = Int32Array.from(steps, ({ one }) => one);
  }

  /** So many more VPs of a class run, or less. */
  add(one: number, vps: number): void {
    this.running[one] = this.running[one]! + vps;
    const lps = vps * this.factor[one]!;
    if (this.master[one] === Master.Level) this.slope += lps;
    else this.fixed += lps;
  }

  isIdle(one: number): boolean {
    return this.running[one] === 0;
  }

  /** How many LPs all who run have together. */
  busyLps(): number {
    return this.fixed * this.scale + this.slope * this.level;
  }

  /** Brings the rates to those who run. */
  solve(): void {
    if (this.classes.groups.length > 0) this.solveGroups();
    else this.findLevel();
  }

  /** Adds up anew, without what rounding has left in the sums. */
  recount(): void {
    const { running, factor, master } = this;
    this.fixed = 0;
    this.slope = 0;
    for (let one = 0; one < factor.length; one++) {
      if (master[one] === Master.Level) this.slope += running[one]! * factor[one]!;
      else this.fixed += running[one]! * factor[one]!;
    }
  }

  /** The sum of all rates grows with the level in straight pieces: goes to the one on which all LPs are given away. */
  private findLevel(): void {
    const { steps, lpCount } = this;
    this.hasChanged = false;
    while (this.passed < steps.length && this.fixed + this.slope * steps[this.passed]! <= lpCount) this.rise();
    while (this.passed > 0 && this.fixed + this.slope * steps[this.passed - 1]! > lpCount) this.fall();
    if (this.hasChanged) this.recount();
    const { passed, fixed, slope } = this;
    this.scale = passed === 0 && fixed > lpCount ? lpCount / fixed : 1;
    const lowest = passed === 0 ? 0 : steps[passed - 1]!;
    const highest = passed === steps.length ? lowest : steps[passed]!;
    // Where nobody who runs is between its bounds, any level between the steps is right.
    this.level = slope > 0 ? Math.min(highest, Math.max(lowest, (lpCount - fixed) / slope)) : lowest;
  }

  /** The level passes a step upwards: a class leaves its floor, or comes to its ceiling. */
  private rise(): void {
    const { ceiling, weight } = this.classes;
    const one = this.stepClass[this.passed++]!;
    if (this.master[one] === Master.Level) this.switchTo(one, Master.Steady, ceiling[one]!);
    else this.switchTo(one, Master.Level, weight[one]!);
  }

  private fall(): void {
    const { floor, weight } = this.classes;
    const one = this.stepClass[--this.passed]!;
    if (this.master[one] === Master.Level) this.switchTo(one, Master.Steady, floor[one]!);
    else this.switchTo(one, Master.Level, weight[one]!);
  }

  private switchTo(one: number, master: number, factor: number): void {
    const vps = this.running[one]!;
    this.add(one, -vps);
    this.master[one] = master;
    this.factor[one] = factor;
    this.add(one, vps);
    this.hasChanged = true;
  }

  /** A group that wants more than it may have is a host of its own: what its classes get there is the most they get here. */
  private solveGroups(): void {
    const { classes, running, lpCount } = this;
    const all = Array.from({ length: classes.count }, (_, one) => one);
    const most = classes.ceiling.slice();
    for (const { classes: members, processors } of classes.groups) divide(processors, running, members, classes, most);
    const least = classes.floor.map((floor, one) => Math.min(floor, most[one]!));
    divide(lpCount, running, all, { floor: least, ceiling: most, weight: classes.weight }, this.factor);
    this.recount();
    this.hasChanged = true;
  }
}

/** Divides so many processors among the VPs of some classes: what one VP of each gets. */
function divide(
  processors: number,
  running: Int32Array,
  among: readonly number[],
  each: ClaimColumns,
  result: Float64Array,
): void {
  const of = (column: Float64Array) => Float64Array.from(among, (one) => column[one]! * running[one]!);
  const claims = { floor: of(each.floor), ceiling: of(each.ceiling), weight: of(each.weight) };
  const floors = claims.floor.reduce((sum, floor) => sum + floor, 0);
  const level = fairLevel(processors, claims);
  for (const one of among) {
    result[one] = floors > processors ? (each.floor[one]! * processors) / floors : fairShare(level, each, one);
  }
}
