import type { FluidRates } from './fluid-rates.js';

/** Beyond so much a driver is set back to 0, so that rounding stays far below a thousandth of a ns. */
const LONG = 2 ** 34;

/**
 * Clocks of classes of VPs, in ns of one VP's work or of its time on an LP. Each runs at the rate of its class, a multiple of one
 * of two drivers; so the level may change at every moment, and no clock has to be touched. Reading changes nothing.
 */
export class ClassClocks {
  /** By class: what the clock said when its driver said so. */
  private readonly base: Float64Array;
  private readonly from: Float64Array;
  private readonly driver: Uint8Array;
  private readonly factor: Float64Array;
  /** By driver: what it said at a moment, and how fast it has been since. */
  private readonly said = new Float64Array(2);
  private readonly saidNs = new Float64Array(2);
  private readonly speed = new Float64Array(2);
  private readonly longest: readonly [steady: number, level: number];

  constructor({ driver, factor }: FluidRates, mostWeight: number) {
    this.base = new Float64Array(factor.length);
    this.from = new Float64Array(factor.length);
    this.driver = driver.slice();
    this.factor = factor.slice();
    this.longest = [LONG, LONG / mostWeight];
  }

  /** What the clock of a class says. */
  at(one: number, nowNs: number): number {
    return this.base[one]! + this.factor[one]! * (this.driverAt(this.driver[one]!, nowNs) - this.from[one]!);
  }

  /** What its driver says when the clock of a class comes to a reading; -Infinity or Infinity where it stands still. */
  driverWhen(one: number, reading: number): number {
    return this.from[one]! + (reading - this.base[one]!) / this.factor[one]!;
  }

  driverOf(one: number): number {
    return this.driver[one]!;
  }

  driverAt(driver: number, nowNs: number): number {
    return this.said[driver]! + this.speed[driver]! * (nowNs - this.saidNs[driver]!);
  }

  /** Whole ns until a driver says this, rounded up. */
  nsUntil(driver: number, reading: number, nowNs: number): number {
    const left = reading - this.driverAt(driver, nowNs);
    return left <= 0 ? 0 : Math.ceil(left / this.speed[driver]!);
  }

  /** From now on a driver goes at this speed. True where it begins at 0 again; the clocks go on as before. */
  drive(driver: number, speed: number, nowNs: number): boolean {
    if (this.speed[driver] === speed && nowNs - this.saidNs[driver]! < LONG) return false;
    const says = this.driverAt(driver, nowNs);
    this.saidNs[driver] = nowNs;
    this.speed[driver] = speed;
    this.said[driver] = says;
    if (says < this.longest[driver]!) return false;
    this.said[driver] = 0;
    for (let one = 0; one < this.from.length; one++)
      if (this.driver[one] === driver) this.from[one] = this.from[one]! - says;
    return true;
  }

  /** From now on the clock of a class follows this driver. False where it did so before. */
  follow(one: number, driver: number, factor: number, nowNs: number): boolean {
    if (this.driver[one] === driver && this.factor[one] === factor) return false;
    this.set(one, this.at(one, nowNs), driver, factor, nowNs);
    return true;
  }

  /** The clock of a class begins at 0. */
  begin(one: number, nowNs: number): void {
    this.set(one, 0, this.driver[one]!, this.factor[one]!, nowNs);
  }

  private set(one: number, reading: number, driver: number, factor: number, nowNs: number): void {
    this.base[one] = reading;
    this.driver[one] = driver;
    this.factor[one] = factor;
    this.from[one] = this.driverAt(driver, nowNs);
  }
}
