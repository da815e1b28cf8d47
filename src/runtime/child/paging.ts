import type { CostLedger } from '../trace/cost-ledger.js';

/**
 * What a guest reads back from its paging file because it needs more memory than it has. A request touches a fixed
 * number of clusters of pages, and a share of them is missing: the share of the demand that is not assigned.
 */
export class Paging {
  /** Bytes of one read. */
  readonly clusterBytes: number;
  private readonly touchedClusters: number;
  /** Missing clusters are whole; what is left over waits for the next request. */
  private carry = 0;

  constructor(
    costs: CostLedger,
    /** Share of the demand that the guest has no memory for, 0 to 1. */
    private readonly shortage: () => number,
  ) {
    this.clusterBytes = Math.max(4096, costs.get('paging-cluster').amount);
    this.touchedClusters = costs.get('paging-touched').amount;
  }

  /** Bytes the next request must read before it gets on. */
  nextRequestBytes(): number {
    const shortage = this.shortage();
    if (shortage <= 0) return 0;
    this.carry += shortage * this.touchedClusters;
    const clusters = Math.floor(this.carry);
    this.carry -= clusters;
    return clusters * this.clusterBytes;
  }
}
