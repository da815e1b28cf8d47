import type { RunEvent } from '../protocol/snapshot.js';
import type { Disk } from './hardware/disk.js';
import { FreeSpace } from './parent/life/free-space.js';
import { PhysicalNetwork } from './parent/network/physical-network.js';
import { Timers } from './timers.js';

/** What the hosts of one run have in common: virtual time, what is told of them, the storage they share, and the network. */
export class RunCommons {
  readonly timers = new Timers();
  /** What happened and was not taken yet, in order of time. */
  readonly events: RunEvent[] = [];
  readonly freeSpace = new FreeSpace();
  readonly network = new PhysicalNetwork();
  private readonly sharedDisks = new Map<string, Disk>();

  /** The shared disk of a name: the first host that has it makes it. */
  sharedDisk(name: string, make: () => Disk): Disk {
    const disk = this.sharedDisks.get(name) ?? make();
    this.sharedDisks.set(name, disk);
    return disk;
  }
}
