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
    this.endNs = new Float64Array(count);
    this.bounded = new Uint8Array(count);
    const grouped = shares.some(({ group }) => group !== undefined);
    this.groups = grouped ? new GroupBudgets(shares, periodNs, groupGrantNs) : null;
    for (let vp = 0; vp < count; vp++) {
      const { reserve, limit, group } = shares[vp]!;
      this.reserveNs[vp] = Math.round(periodNs * reserve);
      this.limitNs[vp] = limit >= 1 ? Number.POSITIVE_INFINITY : Math.max(1, Math.round(periodNs * limit));
      this.bounded[vp] = reserve > 0 || limit < 1 || group !== undefined ? 1 : 0;
    }
  }

  /** A VP has its whole budget again when a period has begun since it was last asked about. */
  refill(vp: number, nowNs: number): void {
    if (this.bounded[vp] === 0) return;
    this.groups?.refill(vp, nowNs);
    if (nowNs < this.endNs[vp]!) return;
    this.endNs[vp] = this.periodEnd(nowNs);
    this.reserveLeft[vp] = this.reserveNs[vp]!;
    this.limitLeft[vp] = this.limitNs[vp]!;
  }

  /** Whether its limit, or that of its group, lets a VP run no more in this period. */
  exhausted(vp: number): boolean {
    return this.bounded[vp] === 1 && (this.limitLeft[vp]! <= 0 || (this.groups?.exhausted(vp) ?? false));
  }

  /** How long a VP may run from `startNs` until its budgets must be looked at again; Infinity for a VP without. */
  runNs(vp: number, startNs: number): number {
    if (this.bounded[vp] === 0) return Number.POSITIVE_INFINITY;
    this.refill(vp, startNs);
    const own = Math.min(this.limitLeft[vp]!, this.endNs[vp]! - startNs);
    const bound = this.groups === null ? own : Math.min(own, this.groups.grantNs(vp));
    return this.reserveLeft[vp]! > 0 ? Math.min(bound, this.reserveLeft[vp]!) : bound;
  }

  spend(vp: number, ns: number): void {
    if (this.bounded[vp] === 0) return;
    this.limitLeft[vp] = this.limitLeft[vp]! - ns;
    this.reserveLeft[vp] = Math.max(0, this.reserveLeft[vp]! - ns);
    this.groups?.spend(vp, ns);
  }

  periodEnd(nowNs: number): number {
    return (Math.floor(nowNs / this.periodNs) + 1) * this.periodNs;
  }
}
