import type { EntitlementParameters } from './entitlements.js';
import type { VpShare } from './virtual-processors.js';

/** Rules of a line, in ns. */
export interface LineParameters {
  /** Time slice while nobody waits. */
  sliceNs: number;
  /** Those who wait for a place share its slice, down to this. */
  minimumSliceNs: number;
  wakeBonusNs: number;
  wakeGranularityNs: number;
  /** By how much of its run time somebody must be behind to have a place far from its memory before those at home there. */
  remoteLeadNs: number;
  /** How much run time beyond its share a contender pays for later; what it had more is forgotten. */
  memoryNs: number;
  /** Slices of the least weight by which a contender falls behind at most while it has a place; what it could not use is forgotten. */
  behindSlices: number;
  /** How limits and reserves are kept by {@link Entitlements}; with null, limits are used as soon as may be. */
  entitlements: EntitlementParameters | null;
}

/** Who contends for what. */
export interface Contest {
  /** Who has each place, or -1. */
  readonly holders: Int32Array;
  /** The only place a contender may have, or -1. */
  readonly pinned: Int32Array;
  readonly shares: readonly VpShare[];
  /** What a contender has left of its reserve. */
  reserveLeft(contender: number): number;
  /** Whether the limit of a contender, which has a place, lets it run on. */
  hasBudget(contender: number): boolean;
  /** Counts what the holder of a place has run until now, see {@link Line}. */
  count(place: number, nowNs: number): void;
  /** At most so long has the holder of a place run since that was counted. */
  uncountedNs(place: number, nowNs: number): number;
  readonly nodes: number;
  nodeOf(place: number): number;
  /** The node a contender is at home on, or -1 where all nodes are the same to it. */
  homeOf(contender: number): number;
  /** A place on a node, or on any with -1, is free for everybody. */
  isPlaceFree(node: number): boolean;
  /** A contender that waits became more urgent. */
  urge(contender: number): void;
}
