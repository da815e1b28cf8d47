import type { DiskClient } from '../hardware/disk.js';
import type { AddressSpace } from '../hypervisor/address-space.js';
import { IntQueue } from '../int-queue.js';
import type { Channel } from '../vmbus/channel.js';
import { PacketType, type RingPacket } from '../vmbus/ring-packet.js';
import {
  decodeStorageCommand,
  encodeStorageCompletion,
  SECTOR_BYTES,
  SRB_INVALID_REQUEST,
  SRB_SUCCESS,
  type StorageCommand,
} from '../vmbus/storage-protocol.js';
import type { BackEnd } from './back-end.js';
import { type ProviderCosts, ServiceProvider } from './service-provider.js';

/** What carries out operations: a physical disk, or a chain of files. */
export interface DiskTarget {
  /** Starts an operation at a byte position; `client` hears of its end with `tag`. */
  submit(position: number, bytes: number, write: boolean, client: DiskClient, tag: number): void;
}

/** A virtual disk file in its place on a disk. */
export interface DiskFile {
  readonly disk: DiskTarget;
  /** Where the file begins on the disk. */
  readonly position: number;
  readonly bytes: number;
}

/** The storage VSP of one controller: SCSI commands become reads and writes of the files behind its LUNs. */
export class StorageProvider extends ServiceProvider implements DiskClient {
  private readonly command: StorageCommand = { lun: 0, write: false, sector: 0, bytes: 0 };
  private readonly free = new IntQueue();
  private readonly transactions: number[] = [];
  private readonly luns: number[] = [];
  private readonly offsets: number[] = [];
  private readonly sizes: number[] = [];
  private readonly writes: boolean[] = [];
  private readonly mapped: (gpaPage: number) => boolean;

  constructor(
    channel: Channel,
    backEnd: BackEnd,
    costs: ProviderCosts,
    space: AddressSpace,
    private readonly files: readonly DiskFile[],
    broken: (why: string) => void,
  ) {
    super(channel, backEnd, costs, broken);
    this.mapped = (gpaPage) => space.translate(gpaPage) >= 0;
  }

  diskDone(ticket: number): void {
    this.free.push(ticket);
    this.complete(this.transactions[ticket]!, true);
  }

  protected accept(packet: RingPacket): number {
    const { command } = this;
    if (packet.type !== PacketType.GpaDirect) return -1;
    if (!decodeStorageCommand(packet.body, packet.bodyBytes, this.mapped, command)) return -1;
    const file = this.files[command.lun];
    if (!file || command.sector * SECTOR_BYTES + command.bytes > file.bytes) return -1;
    const recycled = this.free.shift();
    const ticket = recycled >= 0 ? recycled : this.transactions.length;
    this.transactions[ticket] = packet.transaction;
    this.luns[ticket] = command.lun;
    this.offsets[ticket] = command.sector * SECTOR_BYTES;
    this.sizes[ticket] = command.bytes;
    this.batchBytes += command.bytes;
    this.writes[ticket] = command.write;
    return ticket;
  }

  protected start(ticket: number): void {
    const file = this.files[this.luns[ticket]!]!;
    file.disk.submit(file.position + this.offsets[ticket]!, this.sizes[ticket]!, this.writes[ticket]!, this, ticket);
  }

  protected encodeAnswer(body: Uint8Array, good: boolean): number {
    return encodeStorageCompletion(body, good ? SRB_SUCCESS : SRB_INVALID_REQUEST);
  }
}
