/** What the balancer knows of one child; amounts in pages. */
export interface Claim {
  assigned: number;
  demand: number;
  minimum: number;
  maximum: number;
  /** Extra memory as a percentage of the demand. */
  bufferPercent: number;
  /** 0 to 100. */
  priority: number;
}

/**
 * How much each child should have, in whole pages, when `available` pages are free beside what they have now.
 *
 * Each wants its demand and its buffer, within its bounds. Where that is more than there is, each gets its minimum, and
 * the rest goes where the pressure relative to the priority is highest: everybody ends at the same part of what they
 * want, times their priority, unless that is below their minimum or above what they want.
 */
export function balance(claims: readonly Claim[], available: number): number[] {
  const wanted = claims.map(wantedPages);
  const pool = claims.reduce((sum, { assigned }) => sum + assigned, available);
  if (total(wanted) <= pool) return wanted;
  const floors = claims.map(({ minimum }, i) => Math.min(minimum, wanted[i]!));
  const at = (level: number) =>
    claims.map(({ priority }, i) =>
      Math.max(floors[i]!, Math.min(wanted[i]!, Math.floor(level * weightOf(priority) * wanted[i]!))),
    );
  // The sum grows with the level, so the highest level that fits is found by halving; 60 halvings exhaust a double.
  let low = 0;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (total(at(middle)) <= pool) low = middle;
    else high = middle;
  }
  return at(low);
}

function wantedPages({ demand, bufferPercent, minimum, maximum }: Claim): number {
  return Math.min(maximum, Math.max(minimum, Math.ceil(demand * (1 + bufferPercent / 100))));
}

/** Priority 0 still counts a little. */
function weightOf(priority: number): number {
  return Math.max(1, priority);
}

function total(pages: readonly number[]): number {
  return pages.reduce((sum, count) => sum + count, 0);
}
