import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import { type PlainState, SnapshotError, type StateReader } from '../../../child/snapshot/plain-state.js';
import type { ChannelService, SavableDevice } from '../../../vmbus/host/device.js';
import type { HostChannel, Packet } from '../../../vmbus/host/host-channel.js';
import { PacketType } from '../../../vmbus/ring-packet.js';
import type { BlockStore } from './block-store.js';
import { StorageController } from './storage-controller.js';
import { type BlockRequest, StorageRequest, type Unit } from './storage-request.js';
import { enumerateBus } from './vstor.js';

/** Requests in work at a time; the others wait in the guest's ring. */
const MAX_IN_FLIGHT = 64;
/** What a guest looks for on one target. */
const MAX_LUNS = 256;

export interface Disk {
  lun: number;
  serial: string;
  store: BlockStore;
}

/** What has been done, counted since the start. */
export interface StorageCounters {
  reads: number;
  writes: number;
  readBytes: number;
  writtenBytes: number;
  flushes: number;
  trims: number;
  errors: number;
}

interface StoredUnit extends Unit {
  disk: Disk;
}

/** A SCSI controller of the parent (storage VSP) whose disks hold bytes: what machine children are offered. */
export class StorageVsp implements SavableDevice {
  readonly title = 'SCSI controller';
  readonly interfaceId = VMBUS_CLASSES.scsi;
  readonly messagePipe = false;
  readonly counters: StorageCounters = {
    reads: 0,
    writes: 0,
    readBytes: 0,
    writtenBytes: 0,
    flushes: 0,
    trims: 0,
    errors: 0,
  };

  private readonly controller: StorageController<StoredUnit>;
  private channel: HostChannel | null = null;
  private readonly inWork = new Set<Promise<void>>();

  /** `failed` is told when a store cannot be read or written; the guest sees a medium error. */
  constructor(
    readonly instanceId: string,
    disks: readonly Disk[],
    private readonly failed: (disk: Disk, error: unknown) => void,
  ) {
    this.controller = new StorageController(disks.map(unitOf), 0);
  }

  /** Plugs a disk in, while the guest runs or before. Its LUN must be free. */
  attach(disk: Disk): void {
    this.controller.attach(unitOf(disk));
  }

  /** Pulls a disk out; what the guest still asks of it fails. */
  detach(lun: number): void {
    this.controller.detach(lun);
  }

  open(channel: HostChannel): ChannelService {
    this.channel = channel;
    // Transaction 0 is what the guest did not ask for.
    this.controller.tellGuest = () => channel.send(PacketType.InBand, 0, 0n, enumerateBus());
    let inFlight = 0;
    const serve = () => {
      while (inFlight < MAX_IN_FLIGHT) {
        const packet = channel.receive();
        if (packet === null) return;
        const work = this.begin(channel, packet)?.then(() => {
          this.inWork.delete(work!);
          inFlight--;
          serve();
        });
        if (work === undefined) continue;
        inFlight++;
        this.inWork.add(work);
      }
    };
    const closed = () => {
      if (this.channel !== channel) return;
      this.channel = null;
      this.controller.tellGuest = null;
    };
    return { signalled: serve, closed };
  }

  /** Only when it is drained: requests in work are nowhere in it. */
  save(): PlainState {
    const disks = this.controller.units.map(({ lun, serial, bytes }) => ({ lun, serial, bytes }));
    return { version: 1, disks, counters: { ...this.counters } };
  }

  /** A disk that had been plugged in must be there again; one that had been pulled out goes. Throws SnapshotError. */
  restore(state: StateReader, channel: HostChannel | null): ChannelService | null {
    state.version(1);
    this.controller.units = state
      .at('disks')
      .list(MAX_LUNS)
      .map((saved) => this.unitAsSaved(saved));
    for (const name of Object.keys(this.counters) as (keyof StorageCounters)[]) {
      this.counters[name] = state.at('counters').at(name).integer(0, Number.MAX_SAFE_INTEGER);
    }
    return channel && this.open(channel);
  }

  private unitAsSaved(saved: StateReader): StoredUnit {
    const [lun, serial] = [saved.at('lun').integer(0, MAX_LUNS - 1), saved.at('serial').text(64)];
    const bytes = saved.at('bytes').integer(0, Number.MAX_SAFE_INTEGER);
    const unit = this.controller.units.find((candidate) => candidate.lun === lun);
    if (unit !== undefined && unit.serial === serial && unit.bytes === bytes) return unit;
    throw new SnapshotError(
      `the snapshot has a disk ${serial} of ${bytes} bytes at LUN ${lun}, and this machine has not`,
    );
  }

  /** Resolves when nothing is asked of the disks any more; they may be closed then. */
  async drain(): Promise<void> {
    while (this.inWork.size > 0) await Promise.all(this.inWork);
  }

  /** Answers what needs no disk at once; a promise for what does. */
  private begin(channel: HostChannel, packet: Packet): Promise<void> | undefined {
    if (packet.type === PacketType.Completion) return undefined;
    const request = new StorageRequest(channel.memory);
    const understood = request.understand(packet, this.controller);
    switch (understood.kind) {
      case 'broken':
        channel.fail(understood.reason);
        return undefined;
      case 'block': {
        const { unit, block } = understood;
        if (!this.performNow(unit, request, block)) {
          return this.perform(unit, request, block).then(() => complete(channel, packet, request));
        }
        complete(channel, packet, request);
        return undefined;
      }
      default:
        complete(channel, packet, request);
        return undefined;
    }
  }

  /** Reads and writes straight between the store and the guest's memory; false where the store has to wait for something. */
  private performNow(unit: StoredUnit, request: StorageRequest, block: BlockRequest): boolean {
    try {
      if (!this.transferNow(unit.disk.store, request, block)) return false;
      request.succeed(unit, block, null);
    } catch (error) {
      this.fail(unit.disk, request, block, error);
    }
    return true;
  }

  private transferNow(store: BlockStore, { buffer }: StorageRequest, block: BlockRequest): boolean {
    if (block.kind === 'read' && store.readNow) {
      const pieces = buffer.pieces(block.length, 'write');
      if (pieces === null || !store.readNow(block.offset, pieces)) return false;
    } else if (block.kind === 'write' && store.writeNow) {
      const pieces = buffer.pieces(block.length, 'read');
      if (pieces === null || !store.writeNow(block.offset, pieces)) return false;
    } else {
      return false;
    }
    this.count(block);
    return true;
  }

  private async perform(unit: StoredUnit, request: StorageRequest, block: BlockRequest): Promise<void> {
    try {
      request.succeed(unit, block, await this.carryOut(unit.disk.store, request, block));
      this.count(block);
    } catch (error) {
      this.fail(unit.disk, request, block, error);
    }
  }

  private fail(disk: Disk, request: StorageRequest, block: BlockRequest, error: unknown): void {
    this.counters.errors++;
    this.failed(disk, error);
    request.fail(block);
  }

  /** What was read, if something was. */
  private async carryOut(store: BlockStore, request: StorageRequest, block: BlockRequest): Promise<Uint8Array | null> {
    switch (block.kind) {
      case 'read':
        return store.read(block.offset, block.length);
      case 'write':
        await store.write(block.offset, request.buffer.read(block.length));
        return null;
      case 'flush':
        await store.flush();
        return null;
      case 'unmap':
        for (const { offset, length } of block.ranges) await store.trim(offset, length);
        return null;
    }
  }

  private count(block: BlockRequest): void {
    const { counters } = this;
    switch (block.kind) {
      case 'read':
        counters.reads++;
        counters.readBytes += block.length;
        break;
      case 'write':
        counters.writes++;
        counters.writtenBytes += block.length;
        break;
      case 'flush':
        counters.flushes++;
        break;
      case 'unmap':
        counters.trims++;
    }
  }
}

function unitOf(disk: Disk): StoredUnit {
  const { lun, serial, store } = disk;
  return { lun, serial, bytes: store.bytes, sectorBytes: store.sectorBytes, disk };
}

function complete(channel: HostChannel, packet: Packet, request: StorageRequest): void {
  if (packet.completionRequested)
    channel.send(PacketType.Completion, 0, packet.transactionId, request.packet.bytes.slice());
}
