import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import { type PlainState, SnapshotError, type StateReader } from '../../../child/snapshot/plain-state.js';
import type { ChannelService, SavableDevice } from '../../../vmbus/host/device.js';
import type { HostChannel, Packet } from '../../../vmbus/host/host-channel.js';
import { PacketType } from '../../../vmbus/ring-packet.js';
import { GuestBuffer } from '../guest-buffer.js';
import type { BlockStore } from './block-store.js';
import {
  answerOfTarget,
  decodeScsi,
  type LogicalUnit,
  type ScsiAction,
  SENSE,
  type Sense,
  senseData,
  unmapRanges,
} from './scsi.js';
import * as vstor from './vstor.js';

/** Requests in work at a time; the others wait in the guest's ring. */
const MAX_IN_FLIGHT = 64;
/** What a guest looks for on one target. */
const MAX_LUNS = 256;
const LARGEST_TRANSFER = 1 << 20;

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

/** A SCSI controller of the parent (storage VSP): the guest's storvsc on the other end, disks behind it. */
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

  private disks: Disk[];
  private channel: HostChannel | null = null;
  private readonly inWork = new Set<Promise<void>>();

  /** `failed` is told when a store cannot be read or written; the guest sees a medium error. */
  constructor(
    readonly instanceId: string,
    disks: readonly Disk[],
    private readonly failed: (disk: Disk, error: unknown) => void,
  ) {
    this.disks = [...disks];
  }

  /** Plugs a disk in, while the guest runs or before. Its LUN must be free. */
  attach(disk: Disk): void {
    this.disks.push(disk);
    this.enumerate();
  }

  /** Pulls a disk out; what the guest still asks of it fails. */
  detach(lun: number): void {
    this.disks = this.disks.filter((disk) => disk.lun !== lun);
    this.enumerate();
  }

  open(channel: HostChannel): ChannelService {
    this.channel = channel;
    let inFlight = 0;
    const serve = () => {
      while (inFlight < MAX_IN_FLIGHT) {
        const packet = channel.receive();
        if (packet === null) return;
        const request = this.accept(channel, packet);
        if (request === null) continue;
        inFlight++;
        const work = this.execute(channel, request).then(() => {
          this.inWork.delete(work);
          inFlight--;
          serve();
        });
        this.inWork.add(work);
      }
    };
    const closed = () => {
      if (this.channel === channel) this.channel = null;
    };
    return { signalled: serve, closed };
  }

  /** Only when it is drained: requests in work are nowhere in it. */
  save(): PlainState {
    const disks = this.disks.map(({ lun, serial, store }) => ({ lun, serial, bytes: store.bytes }));
    return { version: 1, disks, counters: { ...this.counters } };
  }

  /** A disk that had been plugged in must be there again; one that had been pulled out goes. Throws SnapshotError. */
  restore(state: StateReader, channel: HostChannel | null): ChannelService | null {
    state.version(1);
    this.disks = state
      .at('disks')
      .list(MAX_LUNS)
      .map((saved) => this.diskAsSaved(saved));
    for (const name of Object.keys(this.counters) as (keyof StorageCounters)[]) {
      this.counters[name] = state.at('counters').at(name).integer(0, Number.MAX_SAFE_INTEGER);
    }
    return channel && this.open(channel);
  }

  private diskAsSaved(saved: StateReader): Disk {
    const [lun, serial] = [saved.at('lun').integer(0, MAX_LUNS - 1), saved.at('serial').text(64)];
    const bytes = saved.at('bytes').integer(0, Number.MAX_SAFE_INTEGER);
    const disk = this.disks.find((candidate) => candidate.lun === lun);
    if (disk !== undefined && disk.serial === serial && disk.store.bytes === bytes) return disk;
    throw new SnapshotError(
      `the snapshot has a disk ${serial} of ${bytes} bytes at LUN ${lun}, and this machine has not`,
    );
  }

  /** Resolves when nothing is asked of the disks any more; they may be closed then. */
  async drain(): Promise<void> {
    while (this.inWork.size > 0) await Promise.all(this.inWork);
  }

  /** Transaction 0 is what the guest did not ask for. */
  private enumerate(): void {
    this.channel?.send(PacketType.InBand, 0, 0n, vstor.enumerateBus());
  }

  /** Answers what needs no disk at once; gives back what does. */
  private accept(channel: HostChannel, packet: Packet): Request | null {
    if (packet.type === PacketType.Completion) return null;
    const decoded = vstor.decodePacket(packet.payload);
    if (decoded === null) {
      channel.fail('a storage packet is too short');
      return null;
    }
    if (decoded.operation !== vstor.VstorOperation.ExecuteSrb) {
      complete(channel, packet, this.answer(decoded));
      return null;
    }
    const direct = packet.type === PacketType.GpaDirect;
    const buffer = direct ? GuestBuffer.parse(channel.memory, packet.ranges) : GuestBuffer.none(channel.memory);
    if (buffer === null) {
      channel.fail('a storage request names memory that is not there');
      return null;
    }
    return { packet, decoded, buffer, scsi: vstor.scsiRequest(decoded) };
  }

  private answer(packet: vstor.VstorPacket): Uint8Array {
    const { VstorOperation: Operation, NtStatus } = vstor;
    switch (packet.operation) {
      case Operation.QueryProtocolVersion: {
        const known = vstor.PROTOCOL_VERSIONS.includes(vstor.protocolVersion(packet));
        return vstor.completion(packet, known ? NtStatus.Success : NtStatus.RevisionMismatch);
      }
      case Operation.QueryProperties:
        return vstor.propertiesCompletion(packet, LARGEST_TRANSFER);
      case Operation.BeginInitialization:
      case Operation.EndInitialization:
      case Operation.ResetLun:
      case Operation.ResetAdapter:
      case Operation.ResetBus:
        return vstor.completion(packet, NtStatus.Success);
      default:
        return vstor.completion(packet, NtStatus.InvalidDeviceRequest);
    }
  }

  private async execute(channel: HostChannel, request: Request): Promise<void> {
    const result = await this.run(request);
    complete(channel, request.packet, vstor.scsiCompletion(request.decoded, result));
  }

  private async run({ scsi, buffer }: Request): Promise<vstor.ScsiResult> {
    const disks = scsi.path === 0 && scsi.target === 0 ? this.disks : [];
    const disk = disks.find(({ lun }) => lun === scsi.lun);
    const luns = disks.map(({ lun }) => lun);
    const fromTarget = answerOfTarget(scsi.command, luns, disk !== undefined);
    if (fromTarget !== null) return done(buffer.write(fromTarget));
    if (disk === undefined) return NO_SUCH_LUN;
    const action = decodeScsi(scsi.command, unitOf(disk));
    try {
      return await this.perform(disk, action, buffer, scsi.transferBytes);
    } catch (error) {
      this.counters.errors++;
      this.failed(disk, error);
      return refused(action.kind === 'read' ? SENSE.mediumRead : SENSE.mediumWrite);
    }
  }

  private async perform(
    disk: Disk,
    action: ScsiAction,
    buffer: GuestBuffer,
    transferBytes: number,
  ): Promise<vstor.ScsiResult> {
    const { store } = disk;
    switch (action.kind) {
      case 'answer':
        return done(Math.min(transferBytes, buffer.write(action.data)));
      case 'failure':
        return refused(action.sense);
      case 'read': {
        if (action.length > LARGEST_TRANSFER || action.length > buffer.bytes) return refused(SENSE.invalidField);
        const data = await store.read(action.offset, action.length);
        this.counters.reads++;
        this.counters.readBytes += data.length;
        return done(buffer.write(data));
      }
      case 'write': {
        if (action.length > LARGEST_TRANSFER || action.length > buffer.bytes) return refused(SENSE.invalidField);
        await store.write(action.offset, buffer.read(action.length));
        this.counters.writes++;
        this.counters.writtenBytes += action.length;
        return done(action.length);
      }
      case 'flush':
        await store.flush();
        this.counters.flushes++;
        return done(0);
      case 'unmap': {
        const list = buffer.read(Math.min(transferBytes, buffer.bytes, MAX_UNMAP_LIST));
        const ranges = unmapRanges(list, unitOf(disk));
        if (isSense(ranges)) return refused(ranges);
        for (const { offset, length } of ranges) await store.trim(offset, length);
        this.counters.trims++;
        return done(list.length);
      }
    }
  }
}

function unitOf({ serial, store: { bytes, sectorBytes } }: Disk): LogicalUnit {
  return { bytes, sectorBytes, serial };
}

interface Request {
  packet: Packet;
  decoded: vstor.VstorPacket;
  scsi: vstor.ScsiRequest;
  buffer: GuestBuffer;
}

const MAX_UNMAP_LIST = 4096;

const NO_SUCH_LUN: vstor.ScsiResult = {
  srbStatus: vstor.SrbStatus.InvalidLun,
  scsiStatus: vstor.ScsiStatus.Good,
  transferredBytes: 0,
  sense: null,
};

function done(transferredBytes: number): vstor.ScsiResult {
  const { SrbStatus, ScsiStatus } = vstor;
  return { srbStatus: SrbStatus.Success, scsiStatus: ScsiStatus.Good, transferredBytes, sense: null };
}

function refused(sense: Sense): vstor.ScsiResult {
  const { SrbStatus, ScsiStatus } = vstor;
  return {
    srbStatus: SrbStatus.Error,
    scsiStatus: ScsiStatus.CheckCondition,
    transferredBytes: 0,
    sense: senseData(sense),
  };
}

function complete(channel: HostChannel, packet: Packet, payload: Uint8Array): void {
  if (packet.completionRequested) channel.send(PacketType.Completion, 0, packet.transactionId, payload);
}

function isSense(ranges: { offset: number; length: number }[] | Sense): ranges is Sense {
  return typeof ranges[0] === 'number';
}
