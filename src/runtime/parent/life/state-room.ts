import type { Disk } from '../../hardware/disk.js';
import type { FreeSpace } from './free-space.js';

/** The room that one child has on a disk for its memory: held while it is on, filled while it is saved. */
export class StateRoom {
  bytes = 0;

  constructor(
    private readonly space: FreeSpace,
    /** Null on a host without disks. */
    readonly disk: Disk | null,
  ) {}

  /** What it may have at most. */
  get mostBytes(): number {
    return this.disk === null ? 0 : this.bytes + this.space.leftOn(this.disk);
  }

  /** Has so much from now on; false, and as before, where the disk has no room for more. */
  resize(bytes: number): boolean {
    if (bytes === this.bytes) return true;
    if (this.disk === null || !this.space.hold(this.disk, bytes - this.bytes)) return false;
    this.bytes = bytes;
    return true;
  }
}
