import { IndexedHeap } from '../indexed-heap.js';

/**
 * Those who wait for any place, by the node they are at home on; -1 where all nodes are the same to them. Who has
 * reserve left comes first, the most of it before less; then comes the least virtual time.
 */
export class ReadyQueues {
  /** One for each node, after that of those who are at home nowhere. */
  private readonly reserved: IndexedHeap[];
  private readonly shared: IndexedHeap[];
  size = 0;
  /** Of these, how many have no reserve left. */
  sharedSize = 0;

  constructor(contenders: number, nodes: number) {
    const queues = () => Array.from({ length: nodes > 1 ? nodes + 1 : 1 }, () => new IndexedHeap(contenders));
    this.reserved = queues();
    this.shared = queues();
  }

  add(contender: number, home: number, reserveLeft: number, virtualNs: number): void {
    this.size++;
    if (reserveLeft > 0) {
      this.reserved[home + 1]!.set(contender, -reserveLeft);
      return;
    }
    this.sharedSize++;
    this.shared[home + 1]!.set(contender, virtualNs);
  }

  remove(contender: number, home: number): void {
    if (this.reserved[home + 1]!.remove(contender)) {
      this.size--;
    } else if (this.shared[home + 1]!.remove(contender)) {
      this.size--;
      this.sharedSize--;
    }
  }

  /** The first of those who are at home on a node, or -1. */
  first(home: number): number {
    const reserved = this.reserved[home + 1]!;
    return reserved.size > 0 ? reserved.peek() : this.shared[home + 1]!.peek();
  }
}
