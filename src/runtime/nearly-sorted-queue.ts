import { IndexedHeap } from './indexed-heap.js';

/** So many of those at the end may have a larger key for somebody to be sorted in before them; beyond, the heap is faster. */
const NEAR_THE_END = 8;
const NOBODY = -1;
const IN_HEAP = -1;
const NOWHERE = -2;

/**
 * Small integer ids, each present at most once, ordered by key and then by arrival, for keys that mostly come in their order:
 * these stand in a ring, sorted, where coming and going takes a step or two. Others wait in a heap. Nothing is allocated after
 * construction.
 */
export class NearlySortedQueue {
  private readonly heap: IndexedHeap;
  /** The heap orders by arrival, too. */
  private arrivals = 0;
  private readonly ids: Int32Array;
  private readonly keys: Float64Array;
  private readonly turns: Float64Array;
  /** Of each id its place in the ring, or one of the above. */
  private readonly place: Int32Array;
  private readonly mask: number;
  /** Neither the first nor the last is a gap. */
  private head = 0;
  private end = 0;
  size = 0;

  constructor(capacity: number) {
    // Who leaves the ring from its middle leaves a gap: there is room for as many gaps as ids.
    let room = 2;
    while (room <= 2 * capacity) room *= 2;
    this.heap = new IndexedHeap(capacity);
    this.ids = new Int32Array(room);
    this.keys = new Float64Array(room);
    this.turns = new Float64Array(room);
    this.place = new Int32Array(capacity).fill(NOWHERE);
    this.mask = room - 1;
  }

  /** The id with the smallest key, or -1. */
  peek(): number {
    const { head } = this;
    if (head === this.end) return this.heap.peek();
    return this.heap.size > 0 && this.heap.precedes(this.keys[head]!, this.turns[head]!)
      ? this.heap.peek()
      : this.ids[head]!;
  }

  /** Inserts an id that is not there; among equal keys who came first is first. */
  add(id: number, key: number): void {
    this.size++;
    const turn = this.arrivals++;
    const at = this.spotFor(key);
    if (at === NOWHERE) {
      this.place[id] = IN_HEAP;
      this.heap.set(id, key, turn);
      return;
    }
    for (let to = this.end; to !== at; ) {
      const from = (to - 1) & this.mask;
      const moved = this.ids[from]!;
      this.put(to, moved, this.keys[from]!, this.turns[from]!);
      if (moved !== NOBODY) this.place[moved] = to;
      to = from;
    }
    this.put(at, id, key, turn);
    this.place[id] = at;
    this.end = (this.end + 1) & this.mask;
  }

  remove(id: number): void {
    const at = this.place[id]!;
    if (at === NOWHERE) return;
    this.size--;
    this.place[id] = NOWHERE;
    if (at === IN_HEAP) {
      this.heap.remove(id);
      return;
    }
    const { ids, mask } = this;
    ids[at] = NOBODY;
    if (at === this.head) {
      do this.head = (this.head + 1) & mask;
      while (this.head !== this.end && ids[this.head] === NOBODY);
    } else {
      while (ids[(this.end - 1) & mask] === NOBODY) this.end = (this.end - 1) & mask;
    }
  }

  /** Where in the ring this key belongs; nowhere, when that is far from its end or the ring is full. */
  private spotFor(key: number): number {
    const { ids, keys, mask, head, end } = this;
    if (((end + 1) & mask) === head) return NOWHERE;
    let at = end;
    for (let steps = 0; at !== head; steps++) {
      const before = (at - 1) & mask;
      if (ids[before] !== NOBODY && keys[before]! <= key) return at;
      if (steps === NEAR_THE_END) return NOWHERE;
      at = before;
    }
    return at;
  }

  private put(at: number, id: number, key: number, turn: number): void {
    this.ids[at] = id;
    this.keys[at] = key;
    this.turns[at] = turn;
  }
}
