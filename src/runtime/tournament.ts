/**
 * The least of many keys, one for each of a fixed number of ids, as a tournament of pairs: a key that changes meets one
 * neighbour a level on its way to the top. A processor guesses nearly every branch, which it cannot in a heap. Of equal
 * keys the one with the lowest id is first. Nothing is allocated after construction.
 */
export class Tournament {
  /** The winner of all at 1, of what is below node n at 2n and 2n + 1; the second half are the keys themselves. */
  private readonly keys: Float64Array;
  private readonly leaves: number;

  constructor(ids: number) {
    let leaves = 1;
    while (leaves < ids) leaves *= 2;
    this.leaves = leaves;
    this.keys = new Float64Array(2 * leaves).fill(Number.POSITIVE_INFINITY);
  }

  /** No id has a key. */
  clear(): void {
    this.keys.fill(Number.POSITIVE_INFINITY);
  }

  keyOf(id: number): number {
    return this.keys[this.leaves + id]!;
  }

  /** The least key. */
  leastKey(): number {
    return this.keys[1]!;
  }

  /** The id with the least key. */
  first(): number {
    const { keys, leaves } = this;
    const least = keys[1]!;
    let node = 1;
    // Without a branch, which would be guessed wrong at every other level.
    while (node < leaves) node = 2 * node + Number(keys[2 * node] !== least);
    return node - leaves;
  }

  set(id: number, key: number): void {
    const { keys } = this;
    let node = this.leaves + id;
    let least = key;
    keys[node] = key;
    while (node > 1) {
      least = Math.min(least, keys[node ^ 1]!);
      node >>= 1;
      if (keys[node] === least) return;
      keys[node] = least;
    }
  }
}
