import { NearlySortedQueue } from '../nearly-sorted-queue.js';
import { Rank } from './rank.js';

const NONE = 255;

/**
 * Those who wait for any place, by the node they are at home on; -1 where all nodes are the same to them. A higher rank
 * comes first, then the least key.
 */
export class ReadyQueues {
  /** By rank, one for each node, after that of those who are at home nowhere. */
  private readonly queues: NearlySortedQueue[][];
  /** With which rank a contender stands here, if it does. */
  private readonly standing: Uint8Array;
  size = 0;
  /** Of these, how many have no reserve left. */
  sharedSize = 0;

  constructor(contenders: number, nodes: number) {
    const queues = () => Array.from({ length: nodes > 1 ? nodes + 1 : 1 }, () => new NearlySortedQueue(contenders));
    this.standing = new Uint8Array(contenders).fill(NONE);
    this.queues = Object.values(Rank).map(queues);
  }

  add(contender: number, home: number, rank: number, key: number): void {
    this.size++;
    if (rank < Rank.Reserved) this.sharedSize++;
    this.standing[contender] = rank;
    this.queues[rank]![home + 1]!.add(contender, key);
  }

  remove(contender: number, home: number): void {
    const rank = this.standing[contender]!;
    if (rank === NONE) return;
    this.standing[contender] = NONE;
    this.size--;
    if (rank < Rank.Reserved) this.sharedSize--;
    this.queues[rank]![home + 1]!.remove(contender);
  }

  /** The first of those who are at home on a node, or -1. */
  first(home: number): number {
    const at = home + 1;
    if (this.sharedSize < this.size) {
      if (this.queues[Rank.Urgent]![at]!.size > 0) return this.queues[Rank.Urgent]![at]!.peek();
      if (this.queues[Rank.Reserved]![at]!.size > 0) return this.queues[Rank.Reserved]![at]!.peek();
    }
    const entitled = this.queues[Rank.Entitled]![at]!;
    return entitled.size > 0 ? entitled.peek() : this.queues[Rank.Rest]![at]!.peek();
  }
}
