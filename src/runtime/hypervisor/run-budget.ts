/** How much a whole budget is. */
export interface BudgetSize {
  /** So long a processor runs on it, where that does not make it wait too long. */
  runNs: number;
  /** So long it waits for a whole one at most: small limits have smaller budgets. */
  longestWaitNs: number;
}

/**
 * The limit of one executed virtual processor: a budget that is filled at the rate of the limit. One that has spent it waits
 * for a whole new one, because a run begins with cold caches: in many short runs a guest gets less done than its share. An
 * executed processor can only be stopped between slices of about a millisecond; what it ran too long is a debt that the next
 * budgets pay, and what its host woke it too late is added to the next, so that the limit holds on average. Time is any that
 * never goes back, in nanoseconds.
 */
export class RunBudget {
  private leftNs: number;
  private filledNs: number | null = null;
  /** It wants to run and waits for a new budget. */
  private spent = false;

  /** `limit`: the share of one logical processor that it may use, above 0 to 1. */
  constructor(
    private limit: number,
    private readonly size: BudgetSize,
  ) {
    this.leftNs = this.wholeNs;
  }

  private get wholeNs(): number {
    return Math.min(this.size.runNs, this.limit * this.size.longestWaitNs);
  }

  get isWhole(): boolean {
    return this.limit >= 1;
  }

  /** How long it has to wait before it may run; 0: now. */
  waitNs(nowNs: number): number {
    this.fill(nowNs);
    if (this.isWhole) return 0;
    if (this.leftNs <= 0) this.spent = true;
    const missingNs = this.wholeNs - this.leftNs;
    if (this.spent && missingNs >= 1) return missingNs / this.limit;
    this.spent = false;
    return 0;
  }

  /** It ran until now for so long. */
  ran(ns: number): void {
    this.leftNs -= ns;
  }

  setLimit(limit: number): void {
    this.limit = limit;
  }

  private fill(nowNs: number): void {
    const passedNs = nowNs - (this.filledNs ?? nowNs);
    this.filledNs = nowNs;
    const budgets = this.spent ? MOST_BUDGETS_LATE : 1;
    this.leftNs = Math.min(this.wholeNs * budgets, this.leftNs + passedNs * this.limit);
  }
}

/** A host that wakes it later than that has been asleep itself. */
const MOST_BUDGETS_LATE = 10;
