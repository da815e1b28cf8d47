import { GroupBudgets } from './group-budgets.js';
import type { VirtualProcessors } from './virtual-processors.js';

export interface BudgetParameters {
  /** Over which reserve and limit hold. */
  periodNs: number;
  /** The least that a VP gets of the budget of its CPU group at a time; 1 where this is absent. */
  groupGrantNs?: number;
}

/** Reserve and limit as budgets of each VP per period, in ns, refilled lazily when a period has begun. */
export class CpuBudgets {
  /** What is left of the reserve; 0 for a VP without. */
  readonly reserveLeft: Float64Array;
  readonly reserveNs: Float64Array;
  /** What is left of the limit; infinite for a VP without. */
  private readonly limitLeft: Float64Array;
  private readonly limitNs: Float64Array;
  /** The end of the period for which a VP has its budgets. */
  private readonly endNs: Float64Array;
  private readonly bounded: Uint8Array;
  /** When the period ends in which a VP had its budgets last. */
  private thisEndNs = 0;
  /** Null where no VP is in a group. */
  private readonly groups: GroupBudgets | null;
  private readonly periodNs: number;

  constructor(vps: VirtualProcessors, { periodNs, groupGrantNs = 1 }: BudgetParameters) {
    const { count, shares } = vps;
    this.periodNs = periodNs;
    this.reserveLeft = new Float64Array(count);
    this.limitLeft = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    this.reserveNs = new Float64Array(count);
    this.limitNs = new Float64Array(count);
    this.endNs = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    this.bounded = new Uint8Array(count);
    const grouped = shares.some(({ group }) => group !== undefined);
    this.groups = grouped ? new GroupBudgets(shares, periodNs, groupGrantNs) : null;
    for (let vp = 0; vp < count; vp++) {
      const { reserve, limit, group } = shares[vp]!;
      this.reserveNs[vp] = Math.round(periodNs * reserve);
      this.limitNs[vp] = limit >= 1 ? Number.POSITIVE_INFINITY : Math.max(1, Math.round(periodNs * limit));
      if (reserve === 0 && limit >= 1 && group === undefined) continue;
      this.bounded[vp] = 1;
      this.endNs[vp] = 0;
    }
  }

  /** A VP has its whole budget again when a period has begun since it was last asked about. */
  refill(vp: number, nowNs: number): void {
    if (nowNs < this.endNs[vp]!) return;
    if (nowNs >= this.thisEndNs || nowNs < this.thisEndNs - this.periodNs) this.thisEndNs = this.periodEnd(nowNs);
    this.endNs[vp] = this.thisEndNs;
    this.groups?.refill(vp, nowNs);
    this.reserveLeft[vp] = this.reserveNs[vp]!;
    this.limitLeft[vp] = this.limitNs[vp]!;
  }

  /** Whether its limit, or that of its group, lets a VP run no more in this period. */
  exhausted(vp: number): boolean {
    return this.limitLeft[vp]! <= 0 || (this.groups?.exhausted(vp) ?? false);
  }

  /** How long a VP may run from `startNs` until its budgets must be looked at again; Infinity for a VP without. */
  runNs(vp: number, startNs: number): number {
    if (this.bounded[vp] === 0) return Number.POSITIVE_INFINITY;
    this.refill(vp, startNs);
    let mostNs = this.endNs[vp]! - startNs;
    if (this.limitLeft[vp]! < mostNs) mostNs = this.limitLeft[vp]!;
    const reserveNs = this.reserveLeft[vp]!;
    if (reserveNs > 0 && reserveNs < mostNs) mostNs = reserveNs;
    return this.groups === null ? mostNs : Math.min(mostNs, this.groups.grantNs(vp));
  }

  spend(vp: number, ns: number): void {
    if (this.bounded[vp] === 0) return;
    this.limitLeft[vp] = this.limitLeft[vp]! - ns;
    const reserveNs = this.reserveLeft[vp]!;
    if (reserveNs > 0) this.reserveLeft[vp] = Math.max(0, reserveNs - ns);
    this.groups?.spend(vp, ns);
  }

  periodEnd(nowNs: number): number {
    return (Math.floor(nowNs / this.periodNs) + 1) * this.periodNs;
  }
}
