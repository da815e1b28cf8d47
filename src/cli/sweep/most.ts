/** What is known about a number of copies. */
export interface Verdict {
  good: boolean;
}

/**
 * The largest number from 1 to `limit` that is good, found by doubling and then halving what is left; 0 where not even
 * one is. Takes for granted that no number is good beyond one that is not. Null when a probe was stopped.
 */
export async function findMost(
  limit: number,
  probe: (count: number) => Promise<Verdict | null>,
): Promise<number | null> {
  let good = 0;
  let bad = limit + 1;
  for (let count = 1; count < bad; count = Math.min(count * 2, limit)) {
    const verdict = await probe(count);
    if (verdict === null) return null;
    if (verdict.good) good = count;
    else bad = count;
    if (count === limit) break;
  }
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const verdict = await probe(middle);
    if (verdict === null) return null;
    if (verdict.good) good = middle;
    else bad = middle;
  }
  return good;
}
