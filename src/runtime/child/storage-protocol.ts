/** What a modelled guest's storage driver says to its VSP: the handshake, and SCSI commands over pages of the guest. */
import { PAGE_BYTES } from '../hardware/system-memory.js';
import { Field, MULTI_CHANNEL, Property, SrbStatus, VSTOR_BYTES, VstorOperation } from '../parent/vsp/storage/vstor.js';
import { COMPLETION_REQUESTED, PacketType, type RingPacket } from '../vmbus/ring-packet.js';
import type { Conversation } from './service-client.js';

/** Of the disks that modelled guests see. */
export const SECTOR_BYTES = 512;
const TEST_UNIT_READY = 0x00;
const READ_16 = 0x88;
const WRITE_16 = 0x8a;
const PROTOCOL_6_0 = 0x0600;
/** Where an operation other than a SCSI request says what it wants. */
const ARGUMENT = 12;
const ONE_RANGE = 1;
const RANGES_BYTES = 16;
/** Sense key (SPC-4). */
const MEDIUM_ERROR = 3;

/** What comes before any command; at its end the driver asks for further channels, as many as the host lets it have. */
export function* storageHandshake(packet: RingPacket, wantedSubChannels: number): Conversation {
  converse(packet, VstorOperation.BeginInitialization);
  yield;
  converse(packet, VstorOperation.QueryProtocolVersion);
  packet.view.setUint16(ARGUMENT, PROTOCOL_6_0, true);
  yield;
  converse(packet, VstorOperation.QueryProperties);
  const subChannels = Math.min(wantedSubChannels, subChannelsAllowed(yield));
  converse(packet, VstorOperation.EndInitialization);
  yield;
  if (subChannels === 0) return;
  converse(packet, VstorOperation.CreateSubChannels);
  packet.view.setUint16(ARGUMENT, subChannels, true);
  yield;
}

export interface StorageCommand {
  lun: number;
  write: boolean;
  sector: number;
  /** Rounded up to whole sectors on the way. */
  bytes: number;
  /** The guest's memory for the data: side by side from this page on. */
  firstPage: number;
}

/** A read or a write: EXECUTE_SRB behind the pages of its data. */
export function encodeStorageCommand(packet: RingPacket, command: StorageCommand): void {
  const sectors = Math.ceil(command.bytes / SECTOR_BYTES);
  const bytes = sectors * SECTOR_BYTES;
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const at = RANGES_BYTES + 8 * pages;
  begin(packet, PacketType.GpaDirect, at, VstorOperation.ExecuteSrb);
  const { view } = packet;
  view.setUint32(0, 0, true);
  view.setUint32(4, ONE_RANGE, true);
  view.setUint32(8, bytes, true);
  view.setUint32(12, 0, true);
  for (let i = 0; i < pages; i++) setFrame(view, RANGES_BYTES + 8 * i, command.firstPage + i);
  view.setUint8(at + Field.lun, command.lun);
  view.setUint8(at + Field.commandBytes, 16);
  view.setUint8(at + Field.dataIn, command.write ? 0 : 1);
  view.setUint32(at + Field.transferBytes, bytes, true);
  view.setUint8(at + Field.command, command.write ? WRITE_16 : READ_16);
  view.setUint32(at + Field.command + 2, Math.floor(command.sector / 4294967296));
  view.setUint32(at + Field.command + 6, command.sector >>> 0);
  view.setUint32(at + Field.command + 10, sectors);
}

/** Asks whether there is a disk at this LUN. */
export function encodeTestUnitReady(packet: RingPacket, lun: number): void {
  converse(packet, VstorOperation.ExecuteSrb);
  packet.view.setUint8(Field.lun, lun);
  packet.view.setUint8(Field.commandBytes, 6);
  packet.view.setUint8(Field.command, TEST_UNIT_READY);
}

/** Whether the host did what was asked: the status of the protocol, and that of the SCSI request if it was one. */
export function isStorageSuccess({ view, bodyBytes }: RingPacket): boolean {
  if (bodyBytes < VSTOR_BYTES || view.getUint32(0, true) !== VstorOperation.CompleteIo) return false;
  const srbStatus = view.getUint8(Field.srbStatus);
  return view.getUint32(Field.status, true) === 0 && (srbStatus === SrbStatus.Success || srbStatus === 0);
}

/** Whether the host says that the medium failed, or that there is no such disk. */
export function isDiskError({ body, view, bodyBytes }: RingPacket): boolean {
  if (bodyBytes < VSTOR_BYTES || view.getUint32(0, true) !== VstorOperation.CompleteIo) return false;
  if (body[Field.srbStatus] === SrbStatus.InvalidLun) return true;
  return body[Field.srbStatus] === (SrbStatus.Error | SrbStatus.SenseValid) && body[Field.command + 2] === MEDIUM_ERROR;
}

/** What the answer to QUERY_PROPERTIES says. */
function subChannelsAllowed({ view }: RingPacket): number {
  const several = (view.getUint32(Property.flags, true) & MULTI_CHANNEL) !== 0;
  return several ? view.getUint16(Property.mostChannels, true) : 0;
}

function converse(packet: RingPacket, operation: number): void {
  begin(packet, PacketType.InBand, 0, operation);
}

function begin(packet: RingPacket, type: number, payloadAt: number, operation: number): void {
  packet.type = type;
  packet.flags = COMPLETION_REQUESTED;
  packet.payloadAt = payloadAt;
  packet.bodyBytes = payloadAt + VSTOR_BYTES;
  packet.body.fill(0, payloadAt, packet.bodyBytes);
  packet.view.setUint32(payloadAt, operation, true);
}

function setFrame(view: DataView, at: number, frame: number): void {
  view.setUint32(at, frame >>> 0, true);
  view.setUint32(at + 4, Math.floor(frame / 4294967296), true);
}
