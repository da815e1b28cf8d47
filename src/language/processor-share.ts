import type { ProcessorsClause, Quantity } from './generated/ast.js';
import { quantityValue, soundValue } from './quantity.js';
import { isInHz } from './units-written.js';

/** Shares of each virtual processor by ESXi's words; a virtual processor of weight 100 has the 1000 of `normal`. */
const SHARE_LEVELS = { low: 500, normal: 1000, high: 2000 } as const;
const SHARES_PER_WEIGHT = 10;

/**
 * A reserve or limit in percent of one logical processor for each virtual processor. What is given in Hz is for the
 * whole machine and may come out above 100. Undefined where it or the number of processors is missing or wrong.
 */
export function percentOfLp(
  quantity: Quantity | undefined,
  clause: ProcessorsClause,
  frequencyHz: number,
): number | undefined {
  const value = soundValue(quantity);
  if (value === undefined || !isInHz(quantity)) return value;
  const count = soundValue(clause.count);
  return count === undefined ? undefined : (100 * value) / (count * frequencyHz);
}

/** The weight of each virtual processor; shares are those of the whole machine unless said by level. */
export function weightOf(clause: ProcessorsClause | undefined, usual: number): number {
  if (clause?.level !== undefined) return SHARE_LEVELS[clause.level] / SHARES_PER_WEIGHT;
  if (clause?.shares === undefined) return quantityValue(clause?.weight, usual);
  const each = quantityValue(clause.shares) / (SHARES_PER_WEIGHT * quantityValue(clause.count));
  return Math.min(10_000, Math.max(1, each));
}
