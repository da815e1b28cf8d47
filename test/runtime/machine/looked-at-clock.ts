import type { HostClock } from '../../../src/runtime/child/cpu-port.js';

/** A clock that goes on with each look at it: what a guest on v86 does depends on no other clock then. */
export class LookedAtClock implements HostClock {
  private timeNs = 0;

  /** `stepNs` from 2 ms on ends each turn of v86 at its first chance. */
  constructor(private readonly stepNs: number) {}

  nowNs(): number {
    this.timeNs += this.stepNs;
    return this.timeNs;
  }

  wallTimeMs(): number {
    return Date.UTC(2031, 0, 2) + this.timeNs / 1e6;
  }
}
