import { roomBeside } from '../../../model/state-room.js';
import type { Disk } from '../../hardware/disk.js';

/**
 * Where files lie on physical disks: first those of the definition, then what files that grow take piece by piece. What the
 * memory of children takes is counted beside those that take all their space at once; for files that grow there is always
 * a place.
 */
export class FreeSpace {
  private readonly next = new Map<Disk, number>();
  private readonly takenAtOnce = new Map<Disk, number>();
  private readonly held = new Map<Disk, number>();

  /** Position of a new piece. A disk that is full begins anew. */
  take(disk: Disk, bytes: number): number {
    const next = this.next.get(disk) ?? 0;
    const position = next + bytes <= disk.disk.bytes ? next : 0;
    this.next.set(disk, position + bytes);
    return position;
  }

  /** Position of a file of the definition, which takes so many of its bytes at once. */
  place(disk: Disk, bytes: number, takenAtOnce: number): number {
    this.takenAtOnce.set(disk, (this.takenAtOnce.get(disk) ?? 0) + takenAtOnce);
    return this.take(disk, bytes);
  }

  /** Bytes that nobody holds. */
  leftOn(disk: Disk): number {
    return roomBeside(disk.disk.bytes, this.takenAtOnce.get(disk) ?? 0) - (this.held.get(disk) ?? 0);
  }

  /** Holds so many bytes more, or gives them back when negative; false where there are not so many. */
  hold(disk: Disk, bytes: number): boolean {
    if (bytes > 0 && bytes > this.leftOn(disk)) return false;
    this.held.set(disk, (this.held.get(disk) ?? 0) + bytes);
    return true;
  }
}
