import type { ShareClasses } from './share-classes.js';
import type { SmtCost } from './smt.js';

/** What rounding may take of a ns. */
const NEARLY = 1e-3;

/**
 * Cores with several threads under a fluid: LPs that are busy, or parts of them, are spread over the cores as evenly as can be,
 * and what that costs is shared by all who run. So time on an LP is not work done, and is kept here: by class, how long each of
 * its VPs would have been on an LP.
 */
export class FluidCores {
  /** Time on an LP in a ns, of one VP of each class. */
  readonly rate: Float64Array;
  private readonly clock: Float64Array;
  /** By VP: the clock of its class up to which its time is told. */
  private readonly toldNs: Float64Array;
  private readonly cores: number;
  /** What one more busy thread adds to a busy core. */
  private readonly more: number;

  constructor(
    private readonly classes: ShareClasses,
    lpCount: number,
    { threadsPerCore, throughputPercent }: Pick<SmtCost, 'threadsPerCore' | 'throughputPercent'>,
  ) {
    this.rate = new Float64Array(classes.count);
    this.clock = new Float64Array(classes.count);
    this.toldNs = new Float64Array(classes.classOf.length);
    this.cores = Math.ceil(lpCount / threadsPerCore);
    this.more = Math.min(1, Math.max(0, throughputPercent / 100 - 1));
  }

  /** Work in a ns on an LP while so many LPs are busy. */
  speed(busyLps: number): number {
    return busyLps <= this.cores ? 1 : (this.cores + (busyLps - this.cores) * this.more) / busyLps;
  }

  /** A class goes on at another rate, `sinceNs` after the last time. */
  change(one: number, sinceNs: number, rate: number): void {
    this.clock[one] = this.clockAt(one, sinceNs);
    this.rate[one] = rate;
  }

  /** The clock of a class begins at 0 again. */
  begin(one: number, sinceNs: number): void {
    const by = this.clockAt(one, sinceNs);
    this.clock[one] = 0;
    for (const vp of this.classes.members[one]!) this.toldNs[vp] = this.toldNs[vp]! - by;
  }

  /** A VP begins to run. */
  join(vp: number, sinceNs: number): void {
    this.toldNs[vp] = this.clockAt(this.classes.classOf[vp]!, sinceNs);
  }

  /** Whole ns that a VP was on an LP since this was last asked. */
  takeNs(vp: number, sinceNs: number): number {
    const ns = Math.floor(this.clockAt(this.classes.classOf[vp]!, sinceNs) - this.toldNs[vp]! + NEARLY);
    this.toldNs[vp] = this.toldNs[vp]! + ns;
    return ns;
  }

  private clockAt(one: number, sinceNs: number): number {
    return this.clock[one]! + this.rate[one]! * sinceNs;
  }
}
