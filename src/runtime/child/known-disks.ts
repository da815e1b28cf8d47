import type { RingPacket } from '../vmbus/ring-packet.js';
import type { Conversation } from './service-client.js';
import { encodeTestUnitReady, isStorageSuccess } from './storage-protocol.js';

/** What a guest believes of one place on its controller. */
export interface KnownDisk {
  readonly lun: number;
  isThere: boolean;
}

/** Asks every LUN that a guest knows of whether a disk is there: the host has told it that they have changed. */
export function* lookForDisks(disks: readonly KnownDisk[], packet: RingPacket): Conversation {
  for (const disk of disks) {
    encodeTestUnitReady(packet, disk.lun);
    disk.isThere = isStorageSuccess(yield);
  }
}
