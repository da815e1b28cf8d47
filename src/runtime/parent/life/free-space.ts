import type { Disk } from '../../hardware/disk.js';

/** Where files lie on physical disks: first those of the definition, then what files that grow take piece by piece. */
export class FreeSpace {
  private readonly next = new Map<Disk, number>();

  /** Position of a new piece. A disk that is full begins anew: room is a matter of the definition, not of the run. */
  take(disk: Disk, bytes: number): number {
    const next = this.next.get(disk) ?? 0;
    const position = next + bytes <= disk.disk.bytes ? next : 0;
    this.next.set(disk, position + bytes);
    return position;
  }
}
