import type { FluidRates } from './fluid-rates.js';

/** Beyond so much a master clock is set back to 0, so that rounding stays far below a thousandth of a ns. */
const LONG = 2 ** 34;

/**
 * Clocks of classes of VPs, in ns of one VP's work or of its time on an LP. Each runs at the rate of its class, a multiple of one
 * of two master clocks; so the level may change at every moment, and no clock has to be touched. Reading changes nothing.
 */
export class ClassClocks {
  /** By class: what the clock said when its master said so. */
  private readonly base: Float64Array;
  private readonly from: Float64Array;
  private readonly master: Uint8Array;
  private readonly factor: Float64Array;
  /** By master: what it said at a moment, and how fast it has been since. */
  private readonly said = new Float64Array(2);
  private readonly saidNs = new Float64Array(2);
  private readonly speed = new Float64Array(2);
  private readonly longest: readonly [steady: number, level: number];

  constructor({ master, factor }: FluidRates, mostWeight: number) {
    this.base = new Float64Array(factor.length);
    this.from = new Float64Array(factor.length);
    this.master = master.slice();
    this.factor = factor.slice();
    this.longest = [LONG, LONG / mostWeight];
  }

  /** What the clock of a class says. */
  at(one: number, nowNs: number): number {
    return this.base[one]! + this.factor[one]! * (this.masterAt(this.master[one]!, nowNs) - this.from[one]!);
  }

  /** What its master says when the clock of a class comes to a reading; -Infinity or Infinity where it stands still. */
  masterWhen(one: number, reading: number): number {
    return this.from[one]! + (reading - this.base[one]!) / this.factor[one]!;
  }

  masterOf(one: number): number {
    return this.master[one]!;
  }

  masterAt(master: number, nowNs: number): number {
    return this.said[master]! + this.speed[master]! * (nowNs - this.saidNs[master]!);
  }

  /** Whole ns until a master says this, rounded up. */
  nsUntil(master: number, reading: number, nowNs: number): number {
    const left = reading - this.masterAt(master, nowNs);
    return left <= 0 ? 0 : Math.ceil(left / this.speed[master]!);
  }

  /** From now on a master goes at this speed. True where it begins at 0 again; the clocks go on as before. */
  setSpeed(master: number, speed: number, nowNs: number): boolean {
    if (this.speed[master] === speed && nowNs - this.saidNs[master]! < LONG) return false;
    const says = this.masterAt(master, nowNs);
    this.saidNs[master] = nowNs;
    this.speed[master] = speed;
    this.said[master] = says;
    if (says < this.longest[master]!) return false;
    this.said[master] = 0;
    for (let one = 0; one < this.from.length; one++)
      if (this.master[one] === master) this.from[one] = this.from[one]! - says;
    return true;
  }

  /** From now on the clock of a class follows this master. False where it did so before. */
  follow(one: number, master: number, factor: number, nowNs: number): boolean {
    if (this.master[one] === master && this.factor[one] === factor) return false;
    this.set(one, this.at(one, nowNs), master, factor, nowNs);
    return true;
  }

  /** The clock of a class begins at 0. */
  begin(one: number, nowNs: number): void {
    this.set(one, 0, this.master[one]!, this.factor[one]!, nowNs);
  }

  private set(one: number, reading: number, master: number, factor: number, nowNs: number): void {
    this.base[one] = reading;
    this.master[one] = master;
    this.factor[one] = factor;
    this.from[one] = this.masterAt(master, nowNs);
  }
}
