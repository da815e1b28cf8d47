import { Queue } from '../queue.js';
import type { TimerOwner, Timers } from '../timers.js';
import type { ModelledFrame } from './modelled-frame.js';

const Clock = { Wire: 0, Patience: 1 } as const;

/** What is on its way, and since when it waits. */
interface Load {
  frame: ModelledFrame;
  sinceNs: number;
}

/**
 * One direction of a cable: one frame after the other at its rate. Without a link frames wait, as whoever sent them
 * repeats them; each is given up when it waited for so long.
 */
export class Wire implements TimerOwner {
  carriedBytes = 0;
  /** A frame has come to the other end. */
  arrived: (frame: ModelledFrame) => void = () => {};
  private readonly slot: number;
  private readonly patienceSlot: number;
  private readonly waiting = new Queue<Load>();
  private link = true;
  private linkLostNs = 0;

  constructor(
    private readonly timers: Timers,
    private readonly bitsPerSecond: number,
    private readonly patienceNs: number,
  ) {
    this.slot = timers.add(this, Clock.Wire);
    this.patienceSlot = timers.add(this, Clock.Patience);
  }

  send(frame: ModelledFrame): void {
    this.waiting.push({ frame, sinceNs: this.timers.nowNs });
    if (!this.link) this.wait();
    else if (this.waiting.length === 1) this.startNext();
  }

  /** The link is gone; what was on the wire must be sent again. */
  unplug(): void {
    if (!this.link) return;
    this.link = false;
    this.linkLostNs = this.timers.nowNs;
    this.timers.disarm(this.slot);
    this.wait();
  }

  plugIn(): void {
    if (this.link) return;
    this.link = true;
    this.timers.disarm(this.patienceSlot);
    if (this.waiting.length > 0) this.startNext();
  }

  /** What waits comes to nothing. */
  losePower(): void {
    this.timers.disarm(this.slot);
    this.timers.disarm(this.patienceSlot);
    for (const { frame } of this.waiting.takeAll()) frame.sender.sendFailed(frame.tag);
  }

  fire(clock: number, nowNs: number): void {
    if (clock === Clock.Patience) {
      this.giveUp(nowNs);
      return;
    }
    const { frame } = this.waiting.shift()!;
    this.carriedBytes += frame.bytes;
    if (this.waiting.length > 0) this.startNext();
    this.arrived(frame);
  }

  private startNext(): void {
    const wireNs = Math.max(1, Math.round((this.waiting.peek()!.frame.bytes * 8e9) / this.bitsPerSecond));
    this.timers.arm(this.slot, this.timers.nowNs + wireNs);
  }

  private wait(): void {
    if (this.waiting.length > 0 && !this.timers.armed(this.patienceSlot))
      this.timers.arm(this.patienceSlot, this.givenUpNs());
  }

  /** When the oldest frame is given up; its wait counts from when there was no link. */
  private givenUpNs(): number {
    return Math.max(this.waiting.peek()!.sinceNs, this.linkLostNs) + this.patienceNs;
  }

  private giveUp(nowNs: number): void {
    while (this.waiting.length > 0 && this.givenUpNs() <= nowNs) {
      const { frame } = this.waiting.shift()!;
      frame.sender.sendFailed(frame.tag);
    }
    this.wait();
  }
}
