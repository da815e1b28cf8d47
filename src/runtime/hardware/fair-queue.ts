import { IndexedHeap } from '../indexed-heap.js';
import { Queue } from '../queue.js';

/** Who shares a wire by weight: the frames of one adapter. */
export interface Flow {
  /** Its place among the flows of the wire, from 0. */
  readonly index: number;
  /** Relative to those of the others. */
  readonly weight: number;
  /** Finish tag of its last frame: bytes over weight, in the virtual time of the wire. */
  finish: number;
}

/**
 * Start-time fair queueing (Goyal, Vin and Cheng 1996): a flow with waiting frames gets at least the share of its weight, in
 * whatever sizes they come. Frames of one flow keep their order.
 */
export class FairQueue<T> {
  /** The flows with waiting frames, by the start tag of the first. */
  private readonly heap: IndexedHeap;
  private readonly queues: Queue<{ item: T; start: number }>[];
  private virtualTime = 0;

  constructor(flows: number) {
    this.heap = new IndexedHeap(flows);
    this.queues = Array.from({ length: flows }, () => new Queue());
  }

  push(item: T, bytes: number, flow: Flow): void {
    const start = Math.max(this.virtualTime, flow.finish);
    flow.finish = start + bytes / flow.weight;
    const queue = this.queues[flow.index]!;
    queue.push({ item, start });
    if (queue.length === 1) this.heap.set(flow.index, start);
  }

  shift(): T | undefined {
    const flow = this.heap.peek();
    if (flow < 0) return undefined;
    const queue = this.queues[flow]!;
    const { item, start } = queue.shift()!;
    this.virtualTime = start;
    const next = queue.peek();
    if (next) this.heap.set(flow, next.start);
    else this.heap.remove(flow);
    return item;
  }

  /** Every item, flow by flow; none stays. */
  takeAll(): T[] {
    return this.queues.flatMap((queue, flow) => {
      this.heap.remove(flow);
      return queue.takeAll().map(({ item }) => item);
    });
  }
}
