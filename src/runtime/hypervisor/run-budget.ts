/**
 * The limit of one executed virtual processor: a budget for each period, as the modelled schedulers have it. One that has
 * spent it waits for a whole new one: many short runs would cost the guest more, because each begins with a timer tick and
 * with cold caches, and it would get less done than its share. An executed processor can only be stopped between slices of
 * about a millisecond; what it ran too long is a debt that the next periods pay, and what its host woke it too late is added
 * to the next, so that the limit holds on average. Time is any that never goes back, in nanoseconds.
 */
export class RunBudget {
  private leftNs: number;
  private filledNs: number | null = null;
  /** It wants to run and waits for a new budget. */
  private spent = false;

  /** `limit`: the share of one logical processor that it may use, above 0 to 1. */
  constructor(
    private limit: number,
    private readonly periodNs: number,
  ) {
    this.leftNs = limit * periodNs;
  }

  get isWhole(): boolean {
    return this.limit >= 1;
  }

  /** How long it has to wait before it may run; 0: now. */
  waitNs(nowNs: number): number {
    this.fill(nowNs);
    if (this.isWhole) return 0;
    if (this.leftNs <= 0) this.spent = true;
    const missingNs = this.limit * this.periodNs - this.leftNs;
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
    const periods = this.spent ? MOST_PERIODS_LATE : 1;
    this.leftNs = Math.min(this.limit * this.periodNs * periods, this.leftNs + passedNs * this.limit);
  }
}

/** A host that wakes it later than that has been asleep itself. */
const MOST_PERIODS_LATE = 10;
