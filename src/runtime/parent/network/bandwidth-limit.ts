import type { ModelledFrame } from '../../hardware/modelled-frame.js';
import { Queue } from '../../queue.js';
import type { TimerOwner, Timers } from '../../timers.js';
import { TokenBucket } from './token-bucket.js';

/** A token bucket on what an adapter sends: what is too fast waits, nothing is dropped. */
export class BandwidthLimit implements TimerOwner {
  private readonly slot: number;
  private readonly waiting = new Queue<ModelledFrame>();
  private readonly bucket: TokenBucket;

  constructor(
    private readonly timers: Timers,
    bitsPerSecond: number,
    burstBytes: number,
    private readonly pass: (frame: ModelledFrame) => void,
  ) {
    this.slot = timers.add(this);
    this.bucket = new TokenBucket(bitsPerSecond, burstBytes);
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
    while (this.waiting.length > 0 && this.bucket.freeNs <= nowNs) {
      const frame = this.waiting.shift()!;
      this.bucket.take(frame.bytes, nowNs);
      this.pass(frame);
    }
    if (this.waiting.length > 0) this.timers.arm(this.slot, Math.ceil(this.bucket.freeNs));
  }
}
