import type { BackEndWork } from '../back-end.js';
import type { RootPartition } from '../root-partition.js';

/** A disk of a child, as far as it must come to rest. */
export interface RestingDisk {
  /** Operations it was asked for so far. */
  readonly asked: number;
  readonly underWay: number;
  /** Calls `then` when nothing is under way: now, or later. */
  whenIdle(then: () => void): void;
}

/**
 * Waits until nothing is under way for a child whose VPs are suspended: the disks have answered, and every VP of the parent
 * has done what was posted before. What the guest has not been told yet lies in its rings.
 */
export class Quiescence implements BackEndWork {
  readonly title = 'waits for devices to come to rest';
  private passed = 0;
  private askedBefore = 0;
  private stopped = false;

  constructor(
    private readonly root: RootPartition,
    private readonly disks: readonly RestingDisk[],
    private readonly then: () => void,
  ) {}

  start(): void {
    if (this.stopped) return;
    const busy = this.disks.find(({ underWay }) => underWay > 0);
    if (busy) {
      busy.whenIdle(() => this.start());
      return;
    }
    this.askedBefore = this.asked();
    this.passed = 0;
    if (this.root.vpCount === 0) this.then();
    else for (let vp = 0; vp < this.root.vpCount; vp++) this.root.post(vp, this, vp);
  }

  stop(): void {
    this.stopped = true;
  }

  begin(): number {
    return 0;
  }

  end(): void {
    this.passed++;
    if (this.stopped || this.passed < this.root.vpCount) return;
    if (this.asked() === this.askedBefore) this.then();
    else this.start();
  }

  private asked(): number {
    return this.disks.reduce((sum, { asked }) => sum + asked, 0);
  }
}
