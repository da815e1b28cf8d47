import { type ClaimColumns, fairLevel, fairShare } from './fair-level.js';
import type { ShareClasses } from './share-classes.js';

/** Where a class stands at a level: at its floor, at its ceiling, or between, where weight decides. */
const Stand = { Floor: 0, Level: 1, Ceiling: 2 } as const;

/**
 * The max-min rate of each class of VPs, for the numbers of them that run: the sum of all is what the LPs give, or everybody
 * has its ceiling. Levels at which a class leaves its floor or comes to its ceiling are sorted once; from one moment to the
 * next the level passes few of them. Source: Bertsekas & Gallager, Data Networks, 6.5.
 */
export class FluidRates {
  /** Of one VP of each class, in LPs. */
  readonly rate: Float64Array;
  private readonly stand: Uint8Array;
  /** Levels at which a class changes its stand, from low to high, and which class that is. */
  private readonly steps: Float64Array;
  private readonly stepClass: Int32Array;
  /** How many of the steps are below the level. */
  private passed = 0;

  constructor(
    private readonly classes: ShareClasses,
    private readonly lpCount: number,
  ) {
    const { count, floor, ceiling, weight } = classes;
    this.rate = new Float64Array(count);
    this.stand = new Uint8Array(count);
    const steps = Array.from({ length: count }, (_, one) => [
      { one, level: floor[one]! / weight[one]! },
      { one, level: ceiling[one]! / weight[one]! },
    ])
      .flat()
      .sort((a, b) => a.level - b.level);
    this.steps = Float64Array.from(steps, ({ level }) => level);
    this.stepClass = Int32Array.from(steps, ({ one }) => one);
  }

  /** Brings the rates to so many running VPs of each class. */
  solve(running: Int32Array): void {
    const { classes, rate, lpCount } = this;
    const { count, floor, ceiling } = classes;
    if (classes.groups.length > 0) {
      this.solveGroups(running);
      return;
    }
    let ceilings = 0;
    let floors = 0;
    for (let one = 0; one < count; one++) {
      ceilings += running[one]! * ceiling[one]!;
      floors += running[one]! * floor[one]!;
    }
    if (ceilings <= lpCount) {
      rate.set(ceiling);
      return;
    }
    if (floors >= lpCount) {
      for (let one = 0; one < count; one++) rate[one] = (floor[one]! * lpCount) / floors;
      return;
    }
    const level = this.level(running);
    for (let one = 0; one < count; one++) rate[one] = fairShare(level, classes, one);
  }

  /** The level at which all is given away; there is one, because floors leave something and ceilings want more. */
  private level(running: Int32Array): number {
    const { stand, steps, stepClass, lpCount } = this;
    const { count, floor, ceiling, weight } = this.classes;
    let fixed = 0;
    let slope = 0;
    for (let one = 0; one < count; one++) {
      const n = running[one]!;
      if (stand[one] === Stand.Level) slope += n * weight[one]!;
      else fixed += n * (stand[one] === Stand.Floor ? floor[one]! : ceiling[one]!);
    }
    while (this.passed < steps.length && fixed + slope * steps[this.passed]! < lpCount) {
      const one = stepClass[this.passed++]!;
      const n = running[one]!;
      if (stand[one] === Stand.Floor) {
        fixed -= n * floor[one]!;
        slope += n * weight[one]!;
      } else {
        fixed += n * ceiling[one]!;
        slope -= n * weight[one]!;
      }
      stand[one]!++;
    }
    while (this.passed > 0 && fixed + slope * steps[this.passed - 1]! > lpCount) {
      const one = stepClass[--this.passed]!;
      const n = running[one]!;
      if (stand[one] === Stand.Ceiling) {
        fixed -= n * ceiling[one]!;
        slope += n * weight[one]!;
      } else {
        fixed += n * floor[one]!;
        slope -= n * weight[one]!;
      }
      stand[one]!--;
    }
    const lowest = this.passed === 0 ? 0 : steps[this.passed - 1]!;
    const highest = this.passed === steps.length ? lowest : steps[this.passed]!;
    // Where nobody who runs is between its bounds, any level between the steps is right.
    return slope > 0 ? Math.min(highest, Math.max(lowest, (lpCount - fixed) / slope)) : lowest;
  }

  /** A group that wants more than it may have is a host of its own: what its classes get there is the most they get here. */
  private solveGroups(running: Int32Array): void {
    const { classes, lpCount } = this;
    const all = Array.from({ length: classes.count }, (_, one) => one);
    const most = classes.ceiling.slice();
    for (const { classes: members, processors } of classes.groups)
      this.divide(processors, running, members, classes, most);
    const least = classes.floor.map((floor, one) => Math.min(floor, most[one]!));
    this.divide(lpCount, running, all, { floor: least, ceiling: most, weight: classes.weight }, this.rate);
  }

  /** Divides so many processors among the VPs of some classes: what one VP of each gets. */
  private divide(
    processors: number,
    running: Int32Array,
    among: readonly number[],
    each: ClaimColumns,
    result: Float64Array,
  ): void {
    const isAmong = new Uint8Array(running.length);
    for (const one of among) isAmong[one] = 1;
    const of = (column: Float64Array) => column.map((of, one) => (isAmong[one] === 1 ? of * running[one]! : 0));
    const claims = { floor: of(each.floor), ceiling: of(each.ceiling), weight: of(each.weight) };
    const floors = claims.floor.reduce((sum, floor) => sum + floor, 0);
    const level = fairLevel(processors, claims);
    for (const one of among)
      result[one] = floors > processors ? (each.floor[one]! * processors) / floors : fairShare(level, each, one);
  }
}
