import type { Nodes } from './nodes.js';

/**
 * A scheduling policy: who runs next, for how long, and who makes way. The dispatcher keeps the logical
 * processors; the policy keeps the queues and the budgets. One policy a file.
 */
export interface Scheduler {
  /** How many are in line for an LP. While it is 0 the dispatcher lets slices end unseen. */
  readonly waiting: number;
  /** A VP can run. `woken` when it slept before, so that it may not save up its share. False when its budget is used up. */
  enqueue(vp: number, woken: boolean, nowNs: number): boolean;
  /** A waiting or throttled VP is not to run after all. */
  dequeue(vp: number): void;
  /** Takes the VP this LP runs next out of the queues; -1 when there is none. */
  pick(lp: number, nowNs: number): number;
  /** The LP a newly ready VP should have now: an idle one, one that makes way, or -1 to wait its turn. */
  place(vp: number, nowNs: number): number;
  /**
   * How long the VP may run from `startNs` until the policy must be asked again; at least 1. The end of its slice
   * counts only while somebody waits: asking more often must change nothing.
   */
  budgetNs(vp: number, startNs: number): number;
  /**
   * An LP idles: whether a VP that is at home on its node, and runs far from its memory, was made to leave its LP for it
   * by {@link ProcessorView.reschedule}.
   */
  fetch(lp: number): boolean;
  /** The VP has run this long. */
  charge(vp: number, ns: number): void;
  /**
   * A VP came to an exit, or the end of its slice or budget, and would go on: who has its LP now. It does, or another one that was
   * taken out of the queues, while it stands in line; or with -1, it makes way and is enqueued before another one is picked.
   */
  turn(vp: number, lp: number, nowNs: number): number;
}

/** What a policy may see of the logical processors. */
export interface ProcessorView {
  readonly lpCount: number;
  readonly nodes: Nodes;
  /** The VP that runs on each LP, or -1. */
  readonly running: Int32Array;
  /** An idle LP, or -1: the best for a VP that prefers one and is at home on a node. */
  idleLp(preferred?: number, home?: number): number;
  /** An LP of a node that is idle together with its siblings, or -1. */
  freeOn(node: number): number;
  /** Charges what every VP has run until now. */
  account(): void;
  /** Charges what the VP of this LP has run until now. */
  accountFor(lp: number): void;
  /** How long an LP that runs a VP did so since that was charged. */
  uncountedNs(lp: number): number;
  /** Throttled VPs may run again, or queued VPs became more urgent. */
  reconsider(vp: number): void;
  /** The VP of an LP is to make way, and the policy to be asked anew, before time goes on. */
  reschedule(lp: number): void;
  /** The policy is asked of every VP that runs whether it may go on. */
  review(): void;
}
