import type { Nodes } from './nodes.js';
import { Pace, STEPS } from './pace.js';

/** What memory on other nodes costs, and whose memory is where. */
export interface RemoteMemoryCost {
  nodes: Nodes;
  /** How much longer a VP computes all of whose memory is on another node, in percent. */
  slowdownPercent: number;
  /** Share of the memory of a VP's partition, 0 to 1, that is not on this node. */
  remoteShare(vp: number, node: number): number;
  /** Counts the time a VP was busy and did not get on. */
  charge(vp: number, ns: number): void;
}

/**
 * Memory on another NUMA node than the LP is farther away: what is computed there takes longer, by as much of the memory
 * as is remote. Memory is taken to be used evenly.
 */
export class RemoteMemory {
  private readonly pace: Pace;
  /** How much slower the VP of each LP gets on, in thousandths. */
  private readonly slow: Int32Array;

  constructor(
    lpCount: number,
    private readonly cost: RemoteMemoryCost,
  ) {
    this.pace = new Pace(lpCount);
    this.slow = new Int32Array(lpCount);
  }

  /** An LP begins to run a VP, or goes on after its memory may have changed. */
  look(lp: number, vp: number): void {
    const { cost } = this;
    const share = cost.remoteShare(vp, cost.nodes.of(lp));
    const slow = Math.round((share * cost.slowdownPercent * STEPS) / 100);
    if (slow === this.slow[lp]) return;
    this.slow[lp] = slow;
    this.pace.reset(lp);
  }

  /** How long this much work takes from now on, in whole ns. */
  timeFor(lp: number, workNs: number): number {
    const slow = this.slow[lp]!;
    return slow === 0 ? workNs : this.pace.timeFor(lp, workNs, STEPS, STEPS + slow);
  }

  /** The work that was done in `ranNs`, at most `burstNs`; the rest of the time is the way to the memory. */
  workDone(lp: number, vp: number, ranNs: number, burstNs: number): number {
    const slow = this.slow[lp]!;
    if (slow === 0) return ranNs;
    const work = this.pace.workDone(lp, ranNs, burstNs, STEPS, STEPS + slow);
    this.cost.charge(vp, ranNs - work);
    return work;
  }
}
