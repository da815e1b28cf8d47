import { type ClaimColumns, fairLevel, fairShare } from './fair-level.js';

/** What one virtual processor may claim of the processors that it shares with others. */
export interface Claim {
  /** Guaranteed and greatest share of one logical processor, 0 to 1. */
  reserve: number;
  limit: number;
  /** 1 to 10,000: how what is left is divided. */
  weight: number;
  /** The share that it would use if it were alone, 0 to 1. */
  demand: number;
}

/**
 * Divides so many logical processors among virtual ones, max-min: each gets what it demands up to its reserve; beyond it,
 * shares go by weight, up to limit and demand. Nothing is left idle that somebody could use. Shares in the order of the
 * claims.
 */
export function shareOut(processors: number, claims: readonly Claim[]): number[] {
  const wanted = claims.map(({ demand, limit }) => Math.min(demand, limit));
  const floors = claims.map(({ reserve }, index) => Math.min(reserve, wanted[index]!));
  const promised = floors.reduce((sum, share) => sum + share, 0);
  if (promised > processors) return floors.map((share) => (share * processors) / promised);
  const columns: ClaimColumns = {
    floor: Float64Array.from(floors),
    ceiling: Float64Array.from(wanted),
    weight: Float64Array.from(claims, ({ weight }) => weight),
  };
  const level = fairLevel(processors, columns);
  return claims.map((_, index) => fairShare(level, columns, index));
}
