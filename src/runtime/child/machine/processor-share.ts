import { type BudgetSize, RunBudget } from '../../hypervisor/run-budget.js';

/** What a processor did over a while, as fractions of it: how much it ran, and how much it would have, unbounded. */
export interface ProcessorUse {
  used: number;
  demand: number;
}

/** At least so long is a while, in nanoseconds. */
const WHILE_NS = 100e6;

/** Holds an executed processor to its share of the host's, and tells what it would use. Times are the host's. */
export class ProcessorShare {
  private readonly budget: RunBudget;
  private whileBeganNs: number | null = null;
  private ranNs = 0;
  private waitedNs = 0;
  private waitsSinceNs: number | null = null;

  /**
   * `limit`: the greatest share of one logical processor, above 0 to 1. `report` is told of each while in which it ran.
   */
  constructor(
    private readonly limit: number,
    size: BudgetSize,
    private readonly report: (use: ProcessorUse) => void,
  ) {
    this.budget = new RunBudget(limit, size);
  }

  /** The share that its host has left for it; never above its limit. */
  grant(share: number): void {
    this.budget.setLimit(Math.min(share, this.limit));
  }

  /** How long it has to wait before it may run; 0: now. */
  waitNs(nowNs: number): number {
    const waitNs = this.budget.waitNs(nowNs);
    if (waitNs > 0) this.waitsSinceNs ??= nowNs;
    else if (this.waitsSinceNs !== null) {
      this.waitedNs += nowNs - this.waitsSinceNs;
      this.waitsSinceNs = null;
    }
    return waitNs;
  }

  /** Nobody holds it back. */
  get isWhole(): boolean {
    return this.budget.isWhole;
  }

  /** `costNs`: what a processor spent on it, where that is known; else all that passed. */
  ran(fromNs: number, toNs: number, costNs: number = toNs - fromNs): void {
    this.budget.ran(costNs);
    this.whileBeganNs ??= fromNs;
    this.ranNs += toNs - fromNs;
    const passedNs = toNs - this.whileBeganNs;
    if (passedNs < WHILE_NS) return;
    this.report({ used: this.ranNs / passedNs, demand: Math.min(1, (this.ranNs + this.waitedNs) / passedNs) });
    this.whileBeganNs = toNs;
    this.ranNs = 0;
    this.waitedNs = 0;
  }
}
