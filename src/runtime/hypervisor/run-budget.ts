/**
 * The limit of one executed virtual processor: a budget for each period, as the modelled schedulers have it. An executed
 * processor can only be stopped between slices of about a millisecond; what it ran too long is a debt that the next
 * periods pay, and what it has to wait for comes bit by bit, so that the limit holds on average and the guest never
 * stands still for a whole period. Time is any that never goes back, in nanoseconds.
 */
export class RunBudget {
  private leftNs: number;
  private filledNs: number | null = null;

  /** `limit`: the share of one logical processor that it may use, above 0 to 1. */
  constructor(
    private limit: number,
    private readonly periodNs: number,
  ) {
    this.leftNs = limit * periodNs;
  }

  /** How long it has to wait before it may run; 0: now. */
  waitNs(nowNs: number): number {
    this.fill(nowNs);
    return this.limit >= 1 || this.leftNs > 0 ? 0 : (1 - this.leftNs) / this.limit;
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
    this.leftNs = Math.min(this.limit * this.periodNs, this.leftNs + passedNs * this.limit);
  }
}
