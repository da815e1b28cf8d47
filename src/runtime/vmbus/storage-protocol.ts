/**
 * The storage packet a VSC puts into a GPA-direct packet: page list, then a vstor packet with the SCSI command.
 * Field layout after Linux storvsc_drv.c (vstor_packet, vmscsi_request) and hyperv.h (GPA direct).
 */
import { PAGE_BYTES } from '../hardware/system-memory.js';

export const SECTOR_BYTES = 512;
export const SRB_SUCCESS = 0x01;
export const SRB_INVALID_REQUEST = 0x06;

const OPERATION_EXECUTE_SRB = 3;
const SCSI = { READ_16: 0x88, WRITE_16: 0x8a } as const;
const RANGES_BYTES = 16;
const VSTOR_BYTES = 64;
// Offsets in the vstor packet.
const SRB_STATUS = 14;
const LUN = 19;
const CDB_LENGTH = 20;
const DATA_IN = 22;
const TRANSFER_LENGTH = 24;
const CDB = 28;

/** A command as it was understood and checked. */
export interface StorageCommand {
  lun: number;
  write: boolean;
  sector: number;
  bytes: number;
}

/** Encodes a command over `bytes` of guest memory from page `firstPage`; returns the length of the body. */
export function encodeStorageCommand(body: Uint8Array, command: StorageCommand, firstPage: number): number {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const pages = Math.ceil(command.bytes / PAGE_BYTES);
  view.setUint32(0, 0, true);
  view.setUint32(4, 1, true);
  view.setUint32(8, command.bytes, true);
  view.setUint32(12, 0, true);
  for (let i = 0; i < pages; i++) setUint64(view, RANGES_BYTES + 8 * i, firstPage + i);
  const at = RANGES_BYTES + 8 * pages;
  body.fill(0, at, at + VSTOR_BYTES);
  view.setUint32(at, OPERATION_EXECUTE_SRB, true);
  view.setUint8(at + LUN, command.lun);
  view.setUint8(at + CDB_LENGTH, 16);
  view.setUint8(at + DATA_IN, command.write ? 0 : 1);
  view.setUint32(at + TRANSFER_LENGTH, command.bytes, true);
  view.setUint8(at + CDB, command.write ? SCSI.WRITE_16 : SCSI.READ_16);
  view.setUint32(at + CDB + 2, Math.floor(command.sector / 4294967296));
  view.setUint32(at + CDB + 6, command.sector >>> 0);
  view.setUint32(at + CDB + 10, Math.ceil(command.bytes / SECTOR_BYTES));
  return at + VSTOR_BYTES;
}

/**
 * Reads a command out of a body that a guest wrote. `mapped` says whether a guest page is backed. Returns false
 * when anything about it is not what it must be.
 */
export function decodeStorageCommand(
  body: Uint8Array,
  bodyBytes: number,
  mapped: (gpaPage: number) => boolean,
  into: StorageCommand,
): boolean {
  if (bodyBytes < RANGES_BYTES + VSTOR_BYTES || bodyBytes > body.length) return false;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const rangeBytes = view.getUint32(8, true);
  const rangeOffset = view.getUint32(12, true);
  if (view.getUint32(4, true) !== 1 || rangeOffset >= PAGE_BYTES) return false;
  const pages = Math.ceil((rangeOffset + rangeBytes) / PAGE_BYTES);
  const at = RANGES_BYTES + 8 * pages;
  if (at + VSTOR_BYTES > bodyBytes) return false;
  for (let i = 0; i < pages; i++) if (!mapped(getUint64(view, RANGES_BYTES + 8 * i))) return false;
  const code = view.getUint8(at + CDB);
  into.lun = view.getUint8(at + LUN);
  into.write = code === SCSI.WRITE_16;
  into.bytes = view.getUint32(at + TRANSFER_LENGTH, true);
  into.sector = view.getUint32(at + CDB + 2) * 4294967296 + view.getUint32(at + CDB + 6);
  const sectors = view.getUint32(at + CDB + 10);
  return (
    view.getUint32(at, true) === OPERATION_EXECUTE_SRB &&
    (code === SCSI.READ_16 || code === SCSI.WRITE_16) &&
    into.bytes > 0 &&
    into.bytes <= rangeBytes &&
    Math.ceil(into.bytes / SECTOR_BYTES) === sectors
  );
}

export function encodeStorageCompletion(body: Uint8Array, srbStatus: number): number {
  body.fill(0, 0, VSTOR_BYTES);
  body[0] = 1;
  body[SRB_STATUS] = srbStatus;
  return VSTOR_BYTES;
}

function setUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint32(at + 4, Math.floor(value / 4294967296), true);
}

function getUint64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 4294967296 + view.getUint32(at, true);
}
