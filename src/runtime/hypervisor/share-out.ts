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
 * Divides so many logical processors among virtual ones: each gets what it demands up to its reserve; the rest goes by
 * weight to those that want more, up to their limits. Nothing is left idle that somebody could use. Shares in the order of
 * the claims.
 */
export function shareOut(processors: number, claims: readonly Claim[]): number[] {
  const wanted = claims.map(({ demand, limit }) => Math.min(demand, limit));
  const shares = claims.map(({ reserve }, index) => Math.min(reserve, wanted[index]!));
  const promised = shares.reduce((sum, share) => sum + share, 0);
  if (promised > processors) return shares.map((share) => (share * processors) / promised);
  let left = processors - promised;
  for (;;) {
    const hungry = claims.flatMap((_, index) => (shares[index]! < wanted[index]! ? [index] : []));
    const weights = hungry.reduce((sum, index) => sum + claims[index]!.weight, 0);
    if (weights === 0 || left <= 0) return shares;
    const fair = left / weights;
    const sated = hungry.filter((index) => wanted[index]! - shares[index]! <= fair * claims[index]!.weight);
    for (const index of sated.length > 0 ? sated : hungry) {
      const more = Math.min(wanted[index]! - shares[index]!, fair * claims[index]!.weight);
      shares[index]! += more;
      left -= more;
    }
    if (sated.length === 0) return shares;
  }
}
