import type { DiskClient } from '../hardware/disk.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { RingPacket } from '../vmbus/ring-packet.js';
import { type Accepted, ServiceProvider } from './service-provider.js';
import type { StorageController } from './vsp/storage/storage-controller.js';
import { type BlockRequest, StorageRequest, type Unit } from './vsp/storage/storage-request.js';
import { enumerateBus, VSTOR_BYTES } from './vsp/storage/vstor.js';

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

/** A LUN with a disk file behind it. */
export interface FileUnit extends Unit {
  file: DiskFile;
  /** What each request costs between the VSP and the disk. */
  layers: readonly Cost[];
}

/**
 * The storage VSP of a modelled child's channel: it understands what every storage VSP does, and lets models of disks
 * perform it, in virtual time and without a byte.
 */
export class StorageProvider extends ServiceProvider implements DiskClient {
  private readonly requests: StorageRequest[] = [];
  private readonly units: FileUnit[] = [];
  private readonly blocks: BlockRequest[] = [];

  constructor(
    private readonly controller: StorageController<FileUnit>,
    /** The guest asks for further channels. */
    private readonly openSubChannels: (count: number) => void,
    ...base: ConstructorParameters<typeof ServiceProvider>
  ) {
    super(...base);
  }

  /** This is the controller's own channel: the guest hears over it when disks come and go. */
  tellOfDisks(): void {
    this.controller.tellGuest = () => this.notify();
  }

  diskDone(ticket: number): void {
    this.requests[ticket]!.succeed(this.units[ticket]!, this.blocks[ticket]!, null);
    this.complete(ticket);
  }

  diskFailed(ticket: number): void {
    this.requests[ticket]!.fail(this.blocks[ticket]!);
    this.complete(ticket);
  }

  protected accept(packet: RingPacket, ticket: number): Accepted {
    this.requests[ticket] ??= new StorageRequest(this.channel.memory);
    const understood = this.requests[ticket].understand(packet, this.controller);
    switch (understood.kind) {
      case 'broken':
        this.channel.fail(understood.reason);
        return 'drop';
      case 'sub-channels':
        this.openSubChannels(understood.count);
        return 'answer';
      case 'answered':
        return 'answer';
      case 'block':
        this.units[ticket] = understood.unit;
        this.blocks[ticket] = understood.block;
        for (const cost of understood.unit.layers) this.batchNs += cost.charge();
        if (understood.block.kind === 'read' || understood.block.kind === 'write')
          this.batchBytes += understood.block.length;
        return 'start';
    }
  }

  /** A model of a disk has no cache to flush and no blocks to free: that takes no time. */
  protected start(ticket: number): void {
    const { disk, position } = this.units[ticket]!.file;
    const block = this.blocks[ticket]!;
    if (block.kind === 'read' || block.kind === 'write')
      disk.submit(position + block.offset, block.length, block.kind === 'write', this, ticket);
    else this.diskDone(ticket);
  }

  protected override fillNotice(notice: RingPacket): void {
    notice.body.set(enumerateBus());
    notice.bodyBytes = VSTOR_BYTES;
  }

  protected fillAnswer(answer: RingPacket, ticket: number): void {
    answer.body.set(this.requests[ticket]!.packet.bytes);
    answer.bodyBytes = VSTOR_BYTES;
  }
}
