import type { Workload } from '../../model/host-model.js';
import { IntQueue } from '../int-queue.js';
import { RandomStream } from '../random.js';
import type { TimerOwner, Timers } from '../timers.js';

/** When requests come: at random (open, Poisson) or from clients who think (closed). */
export class Arrivals implements TimerOwner {
  private readonly slot: number;
  private readonly random: RandomStream;
  private readonly thinking = new IntQueue();
  private ratePerSecond = 0;
  private nextNs = 0;
  private on = false;

  constructor(
    private readonly timers: Timers,
    private readonly workload: Workload,
    seed: number,
    child: string,
    private readonly arrive: () => void,
  ) {
    this.slot = timers.add(this);
    this.random = new RandomStream(seed, `arrivals ${child}`);
    if (workload.arrival.kind === 'open') this.ratePerSecond = workload.arrival.requestsPerSecond;
  }

  start(): void {
    this.on = true;
    const { arrival } = this.workload;
    if (arrival.kind === 'open') {
      this.draw();
      return;
    }
    this.spread(arrival.clients, arrival.thinkNs);
  }

  stop(): void {
    this.on = false;
    this.thinking.clear();
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
    const clients = this.thinking.length;
    this.thinking.clear();
    this.spread(clients, arrival.thinkNs);
  }

  /** A new rate for an open workload; the time to the next request is drawn anew. */
  setRate(requestsPerSecond: number): void {
    this.ratePerSecond = requestsPerSecond;
    if (!this.on || this.workload.arrival.kind !== 'open') return;
    this.timers.disarm(this.slot);
    this.draw();
  }

  /** A request is answered; its client thinks before the next. */
  answered(): void {
    const { arrival } = this.workload;
    if (!this.on || arrival.kind === 'open') return;
    this.thinking.push(this.timers.nowNs + arrival.thinkNs);
    this.armThinking();
  }

  fire(_argument: number, nowNs: number): void {
    if (this.workload.arrival.kind === 'open') {
      this.scheduleFrom(this.nextNs);
      this.arrive();
      return;
    }
    while (this.thinking.length > 0 && this.thinking.peek() <= nowNs) {
      this.thinking.shift();
      this.arrive();
    }
    this.armThinking();
  }

  /** Not all at once: each of them asks at some moment of the time in which a client thinks. */
  private spread(clients: number, thinkNs: number): void {
    const phases = Array.from({ length: clients }, () => Math.round(this.random.uniform() * thinkNs));
    for (const phase of phases.sort((a, b) => a - b)) this.thinking.push(this.timers.nowNs + phase);
    this.armThinking();
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
    if (this.thinking.length > 0) this.timers.arm(this.slot, Math.max(this.timers.nowNs, this.thinking.peek()));
  }
}
