/** Fractions in which a speed is kept: a tenth of a percent. */
export const STEPS = 1000;

/**
 * Work on logical processors that gets on more slowly than time: `speed` parts of it in `whole` parts of time. What each
 * LP has done of its next nanosecond of work is kept, so that time counted in two pieces does exactly as much as in one:
 * looking at a run does not change it.
 */
export class Pace {
  private readonly carried: Float64Array;

  constructor(lpCount: number) {
    this.carried = new Float64Array(lpCount);
  }

  /** LPs from `first` on change their pace, or what they work on. */
  reset(first: number, count = 1): void {
    this.carried.fill(0, first, first + count);
  }

  /** How long this much work takes from now on, in whole ns. */
  timeFor(lp: number, workNs: number, speed: number, whole: number): number {
    return Math.ceil((workNs * whole - this.carried[lp]!) / speed);
  }

  /** The work that was done in `ranNs`, at most `mostNs`. */
  workDone(lp: number, ranNs: number, mostNs: number, speed: number, whole: number): number {
    const done = this.carried[lp]! + ranNs * speed;
    const work = Math.min(mostNs, Math.floor(done / whole));
    this.carried[lp] = work === mostNs ? 0 : done - work * whole;
    return work;
  }
}
