/** Four children a node: half as deep as a binary heap, and the children lie side by side in memory. */
const WIDTH = 4;

/**
 * A min-heap over small integer ids, each present at most once, ordered by key and then by turn. Keys are kept in heap
 * order, so that a comparison touches neighbours. Nothing is allocated after construction.
 */
export class IndexedHeap {
  private readonly ids: Int32Array;
  private readonly keys: Float64Array;
  private readonly turns: Float64Array;
  /** Where an id is, or -1. */
  private readonly position: Int32Array;
  private nextTurn = 0;
  size = 0;

  constructor(capacity: number) {
    this.ids = new Int32Array(capacity);
    this.keys = new Float64Array(capacity);
    this.turns = new Float64Array(capacity);
    this.position = new Int32Array(capacity).fill(-1);
  }

  /** The smallest key; Infinity when there is none. */
  peekKey(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.keys[0]!;
  }

  /** The id with the smallest key, or -1. */
  peek(): number {
    return this.size === 0 ? -1 : this.ids[0]!;
  }

  /** Whether the first one, which there has to be, comes before this key and turn. */
  precedes(key: number, turn: number): boolean {
    return this.keys[0]! < key || (this.keys[0] === key && this.turns[0]! < turn);
  }

  /** Inserts the id, or moves it; among equal keys the lowest turn comes first, and usually that is who came first. */
  set(id: number, key: number, turn = this.nextTurn++): void {
    const at = this.position[id]!;
    if (at < 0) this.rise(this.size++, id, key, turn);
    else if (key < this.keys[at]!) this.rise(at, id, key, turn);
    else this.sink(at, id, key, turn);
  }

  remove(id: number): void {
    const at = this.position[id]!;
    if (at < 0) return;
    this.position[id] = -1;
    const last = --this.size;
    if (at === last) return;
    const key = this.keys[last]!;
    const turn = this.turns[last]!;
    const moved = this.ids[last]!;
    const up = (at - 1) >> 2;
    if (at > 0 && (key < this.keys[up]! || (key === this.keys[up]! && turn < this.turns[up]!))) {
      this.rise(at, moved, key, turn);
    } else {
      this.sink(at, moved, key, turn);
    }
  }

  private rise(from: number, id: number, key: number, turn: number): void {
    const { ids, keys, turns, position } = this;
    let at = from;
    while (at > 0) {
      const up = (at - 1) >> 2;
      const above = keys[up]!;
      if (key > above || (key === above && turn > turns[up]!)) break;
      keys[at] = above;
      turns[at] = turns[up]!;
      const moved = ids[up]!;
      ids[at] = moved;
      position[moved] = at;
      at = up;
    }
    this.place(at, id, key, turn);
  }

  private sink(from: number, id: number, key: number, turn: number): void {
    const { ids, keys, turns, position, size } = this;
    let at = from;
    for (;;) {
      const first = at * WIDTH + 1;
      if (first >= size) break;
      const end = Math.min(first + WIDTH, size);
      let least = first;
      let below = keys[first]!;
      for (let child = first + 1; child < end; child++) {
        const other = keys[child]!;
        if (other < below || (other === below && turns[child]! < turns[least]!)) {
          least = child;
          below = other;
        }
      }
      if (key < below || (key === below && turn < turns[least]!)) break;
      keys[at] = below;
      turns[at] = turns[least]!;
      const moved = ids[least]!;
      ids[at] = moved;
      position[moved] = at;
      at = least;
    }
    this.place(at, id, key, turn);
  }

  private place(at: number, id: number, key: number, turn: number): void {
    this.ids[at] = id;
    this.keys[at] = key;
    this.turns[at] = turn;
    this.position[id] = at;
  }
}
