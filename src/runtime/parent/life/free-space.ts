import type { Disk } from '../../hardware/disk.js';

/** What physical disks have left behind the files of the definition: files that grow take it piece by piece. */
export class FreeSpace {
  private readonly next: Map<Disk, number>;

  /** `used`: where the free space of each disk begins. */
  constructor(used: ReadonlyMap<Disk, number>) {
    this.next = new Map(used);
  }

  /** Position of a new piece. A disk that is full begins anew: room is a matter of the definition, not of the run. */
  take(disk: Disk, bytes: number): number {
    const next = this.next.get(disk) ?? 0;
    const position = next + bytes <= disk.disk.bytes ? next : 0;
    this.next.set(disk, position + bytes);
    return position;
  }
}
