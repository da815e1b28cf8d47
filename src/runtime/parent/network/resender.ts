import type { ModelledFrame } from '../../hardware/modelled-frame.js';
import { Queue } from '../../queue.js';
import type { TimerOwner, Timers } from '../../timers.js';

/** Who sent a frame that was dropped sends it again, as TCP does, until it has tried for too long. Repeating takes no CPU. */
export class Resender implements TimerOwner {
  private readonly slot: number;
  private readonly waiting = new Queue<{ frame: ModelledFrame; atNs: number }>();

  constructor(
    private readonly timers: Timers,
    private readonly afterNs: number,
    private readonly patienceNs: number,
  ) {
    this.slot = timers.add(this);
  }

  dropped(frame: ModelledFrame): void {
    this.waiting.push({ frame, atNs: this.timers.nowNs + Math.max(1, this.afterNs) });
    if (this.waiting.length === 1) this.arm();
  }

  fire(_argument: number, nowNs: number): void {
    while (this.waiting.length > 0 && this.waiting.peek()!.atNs <= nowNs) {
      const { frame } = this.waiting.shift()!;
      if (nowNs - frame.sinceNs >= this.patienceNs) frame.sender.sendFailed(frame.tag);
      else frame.repeat(frame);
    }
    this.arm();
  }

  private arm(): void {
    if (this.waiting.length > 0) this.timers.arm(this.slot, this.waiting.peek()!.atNs);
  }
}
