import type { RingPacket } from '../vmbus/ring-packet.js';
import type { Conversation } from './service-client.js';
import { encodeTestUnitReady, isStorageSuccess } from './storage-protocol.js';

/** The disks of a controller that a guest has found. It looks again when the host tells it that they have changed. */
export class KnownDisks {
  private readonly found: Set<number>;

  /** `luns`: where it looks; `found`: where there was a disk when it started. */
  constructor(
    private readonly luns: readonly number[],
    found: Iterable<number>,
  ) {
    this.found = new Set(found);
  }

  has(lun: number): boolean {
    return this.found.has(lun);
  }

  /** Asks every LUN whether somebody is there. */
  *look(packet: RingPacket): Conversation {
    for (const lun of this.luns) {
      encodeTestUnitReady(packet, lun);
      if (isStorageSuccess(yield)) this.found.add(lun);
      else this.found.delete(lun);
    }
  }
}
