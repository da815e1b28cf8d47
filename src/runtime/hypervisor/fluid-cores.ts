import type { SmtCost } from './smt.js';

/**
 * Cores with several threads under a fluid: LPs that are busy, or parts of them, are spread over the cores as evenly as can be,
 * and what that costs is shared by all who run.
 */
export class FluidCores {
  private readonly cores: number;
  /** What one more busy thread adds to a busy core. */
  private readonly more: number;

  constructor(lpCount: number, { threadsPerCore, throughputPercent }: SmtCost) {
    this.cores = Math.ceil(lpCount / threadsPerCore);
    this.more = Math.min(1, Math.max(0, throughputPercent / 100 - 1));
  }

  /** Work in a ns on an LP while so many LPs are busy. */
  speed(busyLps: number): number {
    return busyLps <= this.cores ? 1 : (this.cores + (busyLps - this.cores) * this.more) / busyLps;
  }
}
