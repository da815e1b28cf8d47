import type { Cost } from '../trace/cost-ledger.js';

/** What a guest pays for computing and for leaving its partition. */
export interface GuestCosts {
  workload: Cost;
  /** Address translation on top of computing, in percent. */
  memory: Cost;
  exit: Cost;
  /** Telling a back end that there is something for it. */
  kick: Cost;
  injection: Cost;
  /** A page it needs is in its paging file. */
  pageFault: Cost;
  /** Xen hypercalls go through an adapter first. */
  adapter: Cost | null;
}
