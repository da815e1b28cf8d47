import type { ModelledFrame } from '../../hardware/modelled-frame.js';
import { Queue } from '../../queue.js';
import type { TimerOwner, Timers } from '../../timers.js';

/**
 * A token bucket on what an adapter sends: at its rate in the long run, and a burst at once after a pause. What is too fast
 * waits, nothing is dropped. A frame larger than the burst leaves on credit.
 */
export class BandwidthLimit implements TimerOwner {
  private readonly slot: number;
  private readonly waiting = new Queue<ModelledFrame>();
  private readonly burstNs: number;
  /** When the bucket was, or will be, as full as it gets, less the time that the burst takes at this rate. */
  private emptyNs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly timers: Timers,
    private readonly bitsPerSecond: number,
    burstBytes: number,
    private readonly pass: (frame: ModelledFrame) => void,
  ) {
    this.slot = timers.add(this);
    this.burstNs = this.timeOf(burstBytes);
  }

  send(frame: ModelledFrame): void {
    this.waiting.push(frame);
    if (this.waiting.length === 1) this.release(this.timers.nowNs);
  }

  /** Who sent it is gone. */
  clear(): void {
    this.waiting.takeAll();
    this.timers.disarm(this.slot);
  }

  fire(_argument: number, nowNs: number): void {
    this.release(nowNs);
  }

  private release(nowNs: number): void {
    while (this.waiting.length > 0 && this.emptyNs <= nowNs) {
      const frame = this.waiting.shift()!;
      this.emptyNs = Math.max(this.emptyNs, nowNs - this.burstNs) + this.timeOf(frame.bytes);
      this.pass(frame);
    }
    if (this.waiting.length > 0) this.timers.arm(this.slot, Math.ceil(this.emptyNs));
  }

  private timeOf(bytes: number): number {
    return (bytes * 8e9) / this.bitsPerSecond;
  }
}
