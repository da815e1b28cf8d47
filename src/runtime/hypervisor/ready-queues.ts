import { NearlySortedQueue } from '../nearly-sorted-queue.js';

const Standing = { None: 0, Reserved: 1, Shared: 2 } as const;

/**
 * Those who wait for any place, by the node they are at home on; -1 where all nodes are the same to them. Who has
 * reserve left comes first, the most of it before less; then comes the least virtual time.
 */
export class ReadyQueues {
  /** One for each node, after that of those who are at home nowhere. */
  private readonly reserved: NearlySortedQueue[];
  private readonly shared: NearlySortedQueue[];
  /** Of which kind of queue a contender stands in, if any. */
  private readonly standing: Uint8Array;
  size = 0;
  /** Of these, how many have no reserve left. */
  sharedSize = 0;

  constructor(contenders: number, nodes: number) {
    const queues = () => Array.from({ length: nodes > 1 ? nodes + 1 : 1 }, () => new NearlySortedQueue(contenders));
    this.standing = new Uint8Array(contenders);
    this.reserved = queues();
    this.shared = queues();
  }

  add(contender: number, home: number, reserveLeft: number, virtualNs: number): void {
    this.size++;
    if (reserveLeft > 0) {
      this.standing[contender] = Standing.Reserved;
      this.reserved[home + 1]!.add(contender, -reserveLeft);
    } else {
      this.standing[contender] = Standing.Shared;
      this.sharedSize++;
      this.shared[home + 1]!.add(contender, virtualNs);
    }
  }

  remove(contender: number, home: number): void {
    const standing = this.standing[contender];
    if (standing === Standing.None) return;
    this.standing[contender] = Standing.None;
    this.size--;
    if (standing === Standing.Reserved) {
      this.reserved[home + 1]!.remove(contender);
    } else {
      this.sharedSize--;
      this.shared[home + 1]!.remove(contender);
    }
  }

  /** The first of those who are at home on a node, or -1. */
  first(home: number): number {
    const reserved = this.reserved[home + 1]!;
    return reserved.size > 0 ? reserved.peek() : this.shared[home + 1]!.peek();
  }
}
