import type { HostParts } from '../host-parts.js';
import { Suspension } from '../hypervisor/virtual-processors.js';
import { IntegrationClock } from './integration-host.js';

/** The VPs of a child, all together: while they are suspended its integration services say nothing. */
export class ChildVps {
  readonly clock: IntegrationClock;

  constructor(
    private readonly parts: HostParts,
    /** Row of the first in the host's table; the others follow. */
    private readonly first: number,
    private readonly count: number,
  ) {
    this.clock = new IntegrationClock(parts.timers);
  }

  /** By their rows in the host's table. */
  each(act: (vp: number) => void): void {
    for (let i = 0; i < this.count; i++) act(this.first + i);
  }

  suspend(): void {
    this.clock.hold();
    this.each((vp) => this.parts.lps.suspend(vp, Suspension.Explicit));
  }

  resume(): void {
    this.clock.goOn();
    this.each((vp) => this.parts.lps.resume(vp, Suspension.Explicit));
  }
}
