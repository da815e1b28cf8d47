import type { VpShare } from './virtual-processors.js';

const NONE = -1;

/**
 * The budgets of CPU groups per period, each shared by all VPs of its group. VPs that run at the same moment get a part
 * each and come back for more; what they take too much together is a debt of the group in the next period, so that its
 * limit holds on average whatever they do.
 */
export class GroupBudgets {
  private readonly groupOf: Int32Array;
  private readonly members: number[] = [];
  private readonly budgetNs: number[] = [];
  private readonly leftNs: number[] = [];
  private readonly period: number[] = [];

  constructor(
    shares: readonly VpShare[],
    private readonly periodNs: number,
    /** The least that a VP gets at a time, at least 1, so that the last of a budget is not cut ever finer. */
    private readonly smallestGrantNs: number,
  ) {
    this.groupOf = new Int32Array(shares.length).fill(NONE);
    const known = new Map<string, number>();
    for (const [vp, { group }] of shares.entries()) {
      if (group === undefined) continue;
      const index = known.get(group.name) ?? known.size;
      known.set(group.name, index);
      this.groupOf[vp] = index;
      this.members[index] = (this.members[index] ?? 0) + 1;
      this.budgetNs[index] = Math.max(1, Math.round(group.processors * periodNs));
      this.leftNs[index] = 0;
      this.period[index] = NONE;
    }
  }

  refill(vp: number, nowNs: number): void {
    const group = this.groupOf[vp]!;
    if (group === NONE) return;
    const period = Math.floor(nowNs / this.periodNs);
    const passed = period - this.period[group]!;
    if (passed <= 0) return;
    this.period[group] = period;
    const budget = this.budgetNs[group]!;
    // A debt is paid by as many periods as have passed; what was left over is lost.
    this.leftNs[group] = Math.min(budget, Math.min(0, this.leftNs[group]!) + passed * budget);
  }

  exhausted(vp: number): boolean {
    const group = this.groupOf[vp]!;
    return group !== NONE && this.leftNs[group]! <= 0;
  }

  /** How long a VP may run before it has to ask again. */
  grantNs(vp: number): number {
    const group = this.groupOf[vp]!;
    if (group === NONE) return Number.POSITIVE_INFINITY;
    return Math.max(this.smallestGrantNs, Math.floor(this.leftNs[group]! / this.members[group]!));
  }

  spend(vp: number, ns: number): void {
    const group = this.groupOf[vp]!;
    if (group !== NONE) this.leftNs[group] = this.leftNs[group]! - ns;
  }
}
