import type { HostClock } from './cpu-port.js';

/**
 * Time as one partition sees it: nanoseconds from 0 at its creation, which stand still while it is suspended or saved.
 * Reference time, the time stamp counter and what the parent's services wait for all come from here.
 */
export class GuestClock implements HostClock {
  /** The host's time at which this clock would have been 0, had it never stood still. */
  private startNs: number;
  private stoppedAtNs: number | null = null;

  constructor(private readonly host: HostClock) {
    this.startNs = host.nowNs();
  }

  nowNs(): number {
    return this.stoppedAtNs ?? this.host.nowNs() - this.startNs;
  }

  /** The world goes on while a guest stands still. */
  wallTimeMs(): number {
    return this.host.wallTimeMs();
  }

  stop(): void {
    this.stoppedAtNs ??= this.nowNs();
  }

  go(): void {
    if (this.stoppedAtNs === null) return;
    this.startNs = this.host.nowNs() - this.stoppedAtNs;
    this.stoppedAtNs = null;
  }

  /** Stands at `ns` until it goes on. */
  set(ns: number): void {
    this.stoppedAtNs = ns;
  }
}
