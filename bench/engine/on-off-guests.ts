import type { Processors } from '../../src/runtime/hypervisor/processors.js';
import { type Guest, Suspension, type VirtualProcessors } from '../../src/runtime/hypervisor/virtual-processors.js';
import type { TimerOwner, Timers } from '../../src/runtime/timers.js';
import { Draws, LIMITS } from './on-off.js';

/** The guests of HV-1H: each has one VP, and computes and sleeps in turns. */
export class OnOffGuests implements Guest, TimerOwner {
  private readonly draws: Draws;
  private readonly sleeping: Uint8Array;
  private readonly sleepNs: Float64Array;
  private readonly slots: number[] = [];
  readonly computes = [0, 0, 0, 0];
  sleeps = 0;

  constructor(
    private readonly timers: Timers,
    vps: VirtualProcessors,
    private readonly lps: Processors,
    private readonly children: number,
  ) {
    this.draws = new Draws(children);
    this.sleeping = new Uint8Array(children).fill(1);
    this.sleepNs = new Float64Array(children);
    for (let i = 0; i < children; i++) {
      this.slots.push(timers.add(this, i));
      vps.add(i, 1, { reserve: 0, limit: LIMITS[i % 4]!, weight: 100 }, this);
    }
  }

  /** Plays so many seconds of virtual time, from the start. */
  play(seconds: number): void {
    this.timers.seal();
    for (let vp = 0; vp < this.children; vp++) this.lps.resume(vp, Suspension.Explicit);
    while (this.timers.step(seconds * 1e9 - 1));
    this.lps.account();
  }

  /** Bursts that are done. */
  get computed(): number {
    return this.computes.reduce((a, b) => a + b, 0);
  }

  /** Of the time of all LPs, 0 to 1. */
  get utilisation(): number {
    const { lps, timers } = this;
    return lps.times.busyNs.reduce((a, b) => a + b, 0) / (lps.lpCount * timers.nowNs);
  }

  next(vp: number, nowNs: number): number {
    if (this.sleeping[vp] === 0) {
      this.computes[vp % 4]!++;
      this.sleeping[vp] = 1;
      this.timers.arm(this.slots[vp]!, nowNs + this.sleepNs[vp]!);
      return 0;
    }
    this.sleeping[vp] = 0;
    const computeNs = this.draws.nextNs(vp);
    this.sleepNs[vp] = this.draws.nextNs(vp);
    return computeNs;
  }

  interrupt(_vp: number, leftNs: number): number {
    return leftNs;
  }

  fire(vp: number): void {
    this.sleeps++;
    this.lps.wake(vp);
  }
}
