import type { GuestMemory } from '../../../child/cpu-port.js';
import { type PacketBody, PacketType } from '../../../vmbus/ring-packet.js';
import { GuestBuffer } from '../guest-buffer.js';
import { answerOfTarget, decodeScsi, type LogicalUnit, SENSE, type Sense, senseData, unmapRanges } from './scsi.js';
import {
  NtStatus,
  PROTOCOL_VERSIONS,
  type ScsiResult,
  ScsiStatus,
  SrbStatus,
  VstorOperation,
  VstorPacket,
} from './vstor.js';

const LARGEST_TRANSFER = 1 << 20;
const MAX_UNMAP_LIST = 4096;

/** A disk of a controller. */
export interface Unit extends LogicalUnit {
  lun: number;
  /** It was taken out. */
  gone?: boolean;
}

/** What a guest wants done to the bytes of a disk. Ranges are within the disk and, with data, within the guest's buffer. */
export type BlockRequest =
  | { kind: 'read'; offset: number; length: number }
  | { kind: 'write'; offset: number; length: number }
  | { kind: 'flush' }
  | { kind: 'unmap'; ranges: readonly { offset: number; length: number }[]; listBytes: number };

export type Understood<U extends Unit> =
  /** The packet is its own answer by now. */
  | { kind: 'answered' }
  | { kind: 'block'; unit: U; block: BlockRequest }
  /** Further channels are asked for, the answer stands. */
  | { kind: 'sub-channels'; count: number }
  /** The guest makes no sense: its channel breaks. */
  | { kind: 'broken'; reason: string };

/** What a controller is, beside its disks. */
export interface Controller<U extends Unit> {
  units: readonly U[];
  /** Further channels that a guest may ask for. */
  subChannels: number;
}

/**
 * One packet of a storage VSC as the host understands it: the protocol, the SCSI command, the memory lent with it.
 * Whoever performs what is asked, bytes or a model of a disk, is told the same.
 */
export class StorageRequest {
  readonly packet = new VstorPacket();
  readonly buffer: GuestBuffer;

  constructor(memory: GuestMemory) {
    this.buffer = new GuestBuffer(memory);
  }

  /** `sent` is the host's own copy and stays as it is as long as the memory lent with it is used. */
  understand<U extends Unit>(sent: PacketBody, controller: Controller<U>): Understood<U> {
    const { packet, buffer } = this;
    if (!packet.load(sent.body, sent.payloadAt, sent.bodyBytes - sent.payloadAt))
      return { kind: 'broken', reason: 'a storage packet is too short' };
    if (packet.operation !== VstorOperation.ExecuteSrb) return this.converse(controller);
    if (sent.type !== PacketType.GpaDirect) buffer.empty();
    else if (!buffer.load(sent.view, sent.payloadAt))
      return { kind: 'broken', reason: 'a storage request names memory that is not there' };
    return this.decode(controller.units);
  }

  /** The block request is done; `data` is what was read. A disk that is not there any more acknowledges nothing. */
  succeed(unit: Unit, block: BlockRequest, data: Uint8Array | null): void {
    if (unit.gone) {
      this.packet.completeScsi(NO_SUCH_LUN);
      return;
    }
    if (data !== null) this.buffer.write(data);
    this.packet.completeScsi(done(transferred(block)));
  }

  /** The medium failed. */
  fail(block: BlockRequest): void {
    this.packet.completeScsi(refused(block.kind === 'read' ? SENSE.mediumRead : SENSE.mediumWrite));
  }

  private converse<U extends Unit>({ subChannels }: Controller<U>): Understood<U> {
    const { packet } = this;
    switch (packet.operation) {
      case VstorOperation.QueryProtocolVersion: {
        const known = PROTOCOL_VERSIONS.includes(packet.protocolVersion);
        packet.complete(known ? NtStatus.Success : NtStatus.RevisionMismatch);
        break;
      }
      case VstorOperation.QueryProperties:
        packet.completeProperties(LARGEST_TRANSFER, subChannels);
        break;
      case VstorOperation.CreateSubChannels: {
        const count = packet.subChannels;
        const good = count > 0 && count <= subChannels;
        packet.complete(good ? NtStatus.Success : NtStatus.InvalidParameter);
        return good ? { kind: 'sub-channels', count } : { kind: 'answered' };
      }
      case VstorOperation.BeginInitialization:
      case VstorOperation.EndInitialization:
      case VstorOperation.ResetLun:
      case VstorOperation.ResetAdapter:
      case VstorOperation.ResetBus:
        packet.complete(NtStatus.Success);
        break;
      default:
        packet.complete(NtStatus.InvalidDeviceRequest);
    }
    return { kind: 'answered' };
  }

  private decode<U extends Unit>(all: readonly U[]): Understood<U> {
    const { packet, buffer } = this;
    const units = packet.path === 0 && packet.target === 0 ? all : [];
    const unit = units.find(({ lun }) => lun === packet.lun);
    const fromTarget = answerOfTarget(packet.command, units, unit !== undefined);
    if (fromTarget !== null) return this.answer(done(buffer.write(fromTarget)));
    if (unit === undefined) return this.answer(NO_SUCH_LUN);
    const action = decodeScsi(packet.command, unit);
    switch (action.kind) {
      case 'answer':
        return this.answer(done(Math.min(packet.transferBytes, buffer.write(action.data))));
      case 'failure':
        return this.answer(refused(action.sense));
      case 'read':
      case 'write':
        return action.length > LARGEST_TRANSFER || action.length > buffer.bytes
          ? this.answer(refused(SENSE.invalidField))
          : { kind: 'block', unit, block: action };
      case 'flush':
        return { kind: 'block', unit, block: action };
      case 'unmap': {
        const list = buffer.read(Math.min(packet.transferBytes, buffer.bytes, MAX_UNMAP_LIST));
        const ranges = unmapRanges(list, unit);
        if (isSense(ranges)) return this.answer(refused(ranges));
        return { kind: 'block', unit, block: { kind: 'unmap', ranges, listBytes: list.length } };
      }
    }
  }

  private answer<U extends Unit>(result: ScsiResult): Understood<U> {
    this.packet.completeScsi(result);
    return ANSWERED;
  }
}

const ANSWERED = { kind: 'answered' } as const;

const NO_SUCH_LUN: ScsiResult = {
  srbStatus: SrbStatus.InvalidLun,
  scsiStatus: ScsiStatus.Good,
  transferredBytes: 0,
  sense: null,
};

function transferred(block: BlockRequest): number {
  if (block.kind === 'flush') return 0;
  return block.kind === 'unmap' ? block.listBytes : block.length;
}

function done(transferredBytes: number): ScsiResult {
  return { srbStatus: SrbStatus.Success, scsiStatus: ScsiStatus.Good, transferredBytes, sense: null };
}

function refused(sense: Sense): ScsiResult {
  return {
    srbStatus: SrbStatus.Error,
    scsiStatus: ScsiStatus.CheckCondition,
    transferredBytes: 0,
    sense: senseData(sense),
  };
}

function isSense(ranges: { offset: number; length: number }[] | Sense): ranges is Sense {
  return typeof ranges[0] === 'number';
}
