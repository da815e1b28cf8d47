/**
 * A binary min-heap over small integer ids, each present at most once, ordered by key and then by order of
 * insertion. Nothing is allocated after construction.
 */
export class IndexedHeap {
  private readonly heap: Int32Array;
  private readonly position: Int32Array;
  private readonly keys: Float64Array;
  private readonly turns: Float64Array;
  private nextTurn = 0;
  size = 0;

  constructor(capacity: number) {
    this.heap = new Int32Array(capacity);
    this.position = new Int32Array(capacity).fill(-1);
    this.keys = new Float64Array(capacity);
    this.turns = new Float64Array(capacity);
  }

  has(id: number): boolean {
    return this.position[id]! >= 0;
  }

  keyOf(id: number): number {
    return this.keys[id]!;
  }

  /** The id with the smallest key, or -1. */
  peek(): number {
    return this.size === 0 ? -1 : this.heap[0]!;
  }

  /** Inserts the id, or moves it; among equal keys it comes last. */
  set(id: number, key: number): void {
    const at = this.position[id]!;
    this.turns[id] = this.nextTurn++;
    if (at < 0) {
      this.keys[id] = key;
      this.rise(this.size++, id);
      return;
    }
    const earlier = key < this.keys[id]!;
    this.keys[id] = key;
    if (earlier) this.rise(at, id);
    else this.sink(at, id);
  }

  remove(id: number): void {
    const at = this.position[id]!;
    if (at < 0) return;
    this.position[id] = -1;
    const last = this.heap[--this.size]!;
    if (last === id) return;
    if (at > 0 && this.before(last, this.heap[(at - 1) >> 1]!)) this.rise(at, last);
    else this.sink(at, last);
  }

  private before(a: number, b: number): boolean {
    const ka = this.keys[a]!;
    const kb = this.keys[b]!;
    return ka < kb || (ka === kb && this.turns[a]! < this.turns[b]!);
  }

  private rise(from: number, id: number): void {
    const { heap, position } = this;
    let at = from;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = heap[up]!;
      if (!this.before(id, above)) break;
      heap[at] = above;
      position[above] = at;
      at = up;
    }
    heap[at] = id;
    position[id] = at;
  }

  private sink(from: number, id: number): void {
    const { heap, position, size } = this;
    let at = from;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= size) break;
      if (down + 1 < size && this.before(heap[down + 1]!, heap[down]!)) down++;
      const below = heap[down]!;
      if (!this.before(below, id)) break;
      heap[at] = below;
      position[below] = at;
      at = down;
    }
    heap[at] = id;
    position[id] = at;
  }
}
