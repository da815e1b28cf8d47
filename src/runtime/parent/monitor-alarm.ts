import type { TimerOwner, Timers } from '../timers.js';

/** Looks at the triggers of a guest; nanoseconds until the next look, or null. */
type Look = (nowNs: number) => number | null;

/**
 * When the hypervisor looks at the triggers of one child. A slot of the host's timers, made with the host. The engine does
 * not poll: a guest that sets a trigger says so, and the look comes when one that looks all the time would have seen it due.
 */
export class MonitorAlarm implements TimerOwner {
  private readonly slot: number;
  private look: Look | null = null;

  constructor(private readonly timers: Timers) {
    this.slot = timers.add(this);
  }

  watch(look: Look): void {
    this.look = look;
  }

  /** The partition is gone. */
  stop(): void {
    this.look = null;
    this.timers.disarm(this.slot);
  }

  /** The guest has set a trigger. */
  triggered(): void {
    this.fire();
  }

  fire(): void {
    const { nowNs } = this.timers;
    const waitNs = this.look?.(nowNs) ?? null;
    if (waitNs === null) this.timers.disarm(this.slot);
    else this.timers.arm(this.slot, nowNs + waitNs);
  }
}
