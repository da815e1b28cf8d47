import type { Workload } from '../../model/host-model.js';
import { IndexedHeap } from '../indexed-heap.js';
import { RandomStream } from '../random.js';
import type { TimerOwner, Timers } from '../timers.js';

/** A request that took less was none: a microsecond, as the row `empty-request` says (assumed). */
const SHORTEST_NS = 1000;

/** When requests come: at random (open, Poisson) or from clients who think (closed). */
export class Arrivals implements TimerOwner {
  private readonly slot: number;
  private readonly random: RandomStream;
  /** Clients by the moment in which they ask next, and those who wait for an answer. */
  private readonly thinking: IndexedHeap;
  private readonly waiting: number[] = [];
  private readonly askedNs: Float64Array;
  private ratePerSecond = 0;
  private nextNs = 0;
  private on = false;

  constructor(
    private readonly timers: Timers,
    private readonly workload: Workload,
    seed: number,
    child: string,
    /** How long clients pause, at the least, for whom nothing was done. */
    private readonly pauseNs: number,
    private readonly arrive: () => void,
  ) {
    this.slot = timers.add(this);
    this.random = new RandomStream(seed, `arrivals ${child}`);
    const { arrival } = workload;
    const clients = arrival.kind === 'closed' ? arrival.clients : 0;
    this.thinking = new IndexedHeap(clients);
    this.askedNs = new Float64Array(clients);
    if (arrival.kind === 'open') this.ratePerSecond = arrival.requestsPerSecond;
  }

  start(): void {
    this.on = true;
    const { arrival } = this.workload;
    if (arrival.kind === 'open') {
      this.draw();
      return;
    }
    this.spread(Array.from({ length: arrival.clients }, (_, client) => client));
  }

  stop(): void {
    this.on = false;
    this.takeThinking();
    this.waiting.length = 0;
    this.timers.disarm(this.slot);
  }

  /** Nobody asks while the child is away; whoever waits for an answer goes on waiting. */
  hold(): void {
    this.on = false;
    this.timers.disarm(this.slot);
  }

  /** The child is back: an open stream goes on, and those who were thinking come back over the time that they think. */
  goOn(): void {
    this.on = true;
    const { arrival } = this.workload;
    if (arrival.kind === 'open') {
      this.draw();
      return;
    }
    this.spread(this.takeThinking());
  }

  /** A new rate for an open workload; the time to the next request is drawn anew. */
  setRate(requestsPerSecond: number): void {
    this.ratePerSecond = requestsPerSecond;
    if (!this.on || this.workload.arrival.kind !== 'open') return;
    this.timers.disarm(this.slot);
    this.draw();
  }

  /** A request is answered, or given up, be its child away by then; its client thinks before the next. */
  answered(): void {
    const { arrival } = this.workload;
    if (arrival.kind === 'open') return;
    const client = this.waiting.shift();
    if (client === undefined) return;
    const thinkNs = arrival.thinkDistribution === 'exponential' ? this.drawThinking() : arrival.thinkNs;
    const isEmpty = this.timers.nowNs - this.askedNs[client]! < SHORTEST_NS;
    this.thinking.set(client, this.timers.nowNs + (isEmpty ? Math.max(thinkNs, this.pauseNs) : thinkNs));
    if (this.on) this.armThinking();
  }

  fire(_argument: number, nowNs: number): void {
    if (this.workload.arrival.kind === 'open') {
      this.scheduleFrom(this.nextNs);
      this.arrive();
      return;
    }
    while (this.thinking.peekKey() <= nowNs) {
      const next = this.thinking.peek();
      this.thinking.remove(next);
      this.askedNs[next] = nowNs;
      this.waiting.push(next);
      this.arrive();
    }
    this.armThinking();
  }

  /** Not all at once: each of them asks at some moment of the time in which a client thinks. */
  private spread(clients: readonly number[]): void {
    const { arrival } = this.workload;
    if (arrival.kind === 'open') return;
    const exponential = arrival.thinkDistribution === 'exponential';
    const phase = () => (exponential ? this.drawThinking() : Math.round(this.random.uniform() * arrival.thinkNs));
    for (const client of clients) this.thinking.set(client, this.timers.nowNs + phase());
    this.armThinking();
  }

  private drawThinking(): number {
    const { arrival } = this.workload;
    return arrival.kind === 'open' ? 0 : Math.round(this.random.exponential(arrival.thinkNs));
  }

  private takeThinking(): number[] {
    const clients: number[] = [];
    for (let next = this.thinking.peek(); next >= 0; next = this.thinking.peek()) {
      this.thinking.remove(next);
      clients.push(next);
    }
    return clients;
  }

  private draw(): void {
    this.scheduleFrom(this.timers.nowNs);
  }

  private scheduleFrom(timeNs: number): void {
    if (this.ratePerSecond <= 0) return;
    this.nextNs = timeNs + this.random.exponential(1e9 / this.ratePerSecond);
    const at = Math.max(this.timers.nowNs, Math.round(this.nextNs));
    if (at <= Number.MAX_SAFE_INTEGER) this.timers.arm(this.slot, at);
  }

  private armThinking(): void {
    if (this.thinking.size > 0) this.timers.arm(this.slot, Math.max(this.timers.nowNs, this.thinking.peekKey()));
  }
}
