/** Claims on processors as columns; who does not claim has weight 0. */
export interface ClaimColumns {
  /** The least and the most each may have. */
  readonly floor: Float64Array;
  readonly ceiling: Float64Array;
  readonly weight: Float64Array;
}

/**
 * The level of the max-min allocation of `capacity`: everybody gets level x weight, but not less than its floor nor more
 * than its ceiling, see {@link fairShare}, and together that is all there is. Infinity where all reach their ceilings, and
 * 0 where the floors take everything. Found by fixing variables (Bitran and Hax 1981): under a level that ignores bounds,
 * those who break the kind of bound that is broken by more are certain to be at it; they are taken out, and the rest is
 * divided anew.
 */
export function fairLevel(capacity: number, claims: ClaimColumns): number {
  const { floor, ceiling, weight } = claims;
  const count = weight.length;
  const isOpen = new Uint8Array(count);
  let weights = 0;
  let floors = 0;
  let ceilings = 0;
  for (let i = 0; i < count; i++) {
    if (weight[i] === 0) continue;
    isOpen[i] = 1;
    weights += weight[i]!;
    floors += floor[i]!;
    ceilings += ceiling[i]!;
  }
  if (ceilings <= capacity) return Number.POSITIVE_INFINITY;
  if (floors >= capacity) return 0;
  let left = capacity;
  for (;;) {
    const level = left / weights;
    let below = 0;
    let above = 0;
    for (let i = 0; i < count; i++) {
      if (isOpen[i] === 0) continue;
      const share = level * weight[i]!;
      if (share < floor[i]!) below += floor[i]! - share;
      else if (share > ceiling[i]!) above += share - ceiling[i]!;
    }
    if (below === above) return level;
    weights = 0;
    for (let i = 0; i < count; i++) {
      if (isOpen[i] === 0) continue;
      const share = level * weight[i]!;
      if (below > above ? share < floor[i]! : share > ceiling[i]!) {
        isOpen[i] = 0;
        left -= below > above ? floor[i]! : ceiling[i]!;
      } else {
        weights += weight[i]!;
      }
    }
    // All are at a bound: the level at which the last of them were found to be.
    if (weights === 0) return level;
  }
}

/** What one has at a level. */
export function fairShare(level: number, claims: ClaimColumns, i: number): number {
  return Math.min(claims.ceiling[i]!, Math.max(claims.floor[i]!, level * claims.weight[i]!));
}
