/** What one VP may have of an LP (0 to 1), and how it weighs. */
export interface Claim {
  reserve: number;
  limit: number;
  weight: number;
}

/**
 * The max-min allocation of `capacity` LPs: everybody gets min(limit, max(reserve, level x weight)), at the level at
 * which it is all given away, or everybody has what they may have. Bertsekas & Gallager, Data Networks, 6.5. The
 * sum grows with the level in straight pieces; the level is found between the two break points around the capacity.
 */
export function waterFilling(claims: readonly Claim[], capacity: number): number[] {
  const at = (level: number) =>
    claims.map(({ reserve, limit, weight }) => Math.min(limit, Math.max(Math.min(reserve, limit), level * weight)));
  const sum = (level: number) => at(level).reduce((total, share) => total + share, 0);
  const breaks = claims
    .flatMap(({ reserve, limit, weight }) => [reserve / weight, limit / weight])
    .sort((a, b) => a - b);
  const above = breaks.find((level) => sum(level) >= capacity);
  if (above === undefined) return at(breaks.at(-1) ?? 0);
  const below = breaks.findLast((level) => sum(level) < capacity) ?? 0;
  const given = sum(above) - sum(below);
  return at(given === 0 ? above : below + ((above - below) * (capacity - sum(below))) / given);
}

/**
 * Why an allocation is not max-min, or null. It is the only one that keeps the bounds, wastes nothing, and in which
 * whoever has more than its reserve has no more for its weight than anybody who could still use more.
 */
export function faultOf(shares: readonly number[], claims: readonly Claim[], capacity: number): string | null {
  const nearly = 1e-9;
  const total = shares.reduce((sum, share) => sum + share, 0);
  const wanted = claims.reduce((sum, { limit }) => sum + limit, 0);
  if (Math.abs(total - Math.min(capacity, wanted)) > nearly) return `${total} given away`;
  for (const [i, { reserve, limit, weight }] of claims.entries()) {
    if (shares[i]! < Math.min(reserve, limit) - nearly) return `${i} is below its reserve`;
    if (shares[i]! > limit + nearly) return `${i} is above its limit`;
    if (shares[i]! <= reserve + nearly) continue;
    for (const [j, other] of claims.entries()) {
      const couldUse = shares[j]! < other.limit - nearly;
      if (couldUse && shares[i]! / weight > shares[j]! / other.weight + nearly) return `${i} has what ${j} should have`;
    }
  }
  return null;
}
