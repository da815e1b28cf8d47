import type { ByteFile } from '../byte-file.js';
import { DiskError } from '../disk-error.js';
import { hasText, putText, readUint64, viewOf, writeUint64 } from '../fields.js';
import { NO_GUID, readGuid, writeGuid } from '../guid.js';
import { crc32c } from './crc32c.js';
import { MB } from './layout.js';

/** One of the two headers of a VHDX: the one with the larger sequence number counts ([MS-VHDX] 2.2.2). */
export interface Header {
  /** Which of both it is. */
  slot: 0 | 1;
  sequence: bigint;
  /** Changes with each opening that writes. */
  fileId: string;
  /** Changes before the data does; differencing disks remember it of their parent. */
  dataId: string;
  /** NO_GUID: the log is empty. */
  logId: string;
  logOffset: number;
  logBytes: number;
}

const OFFSETS = [64 << 10, 128 << 10] as const;
const HEADER_BYTES = 4096;
const FIELD = {
  checksum: 4,
  sequence: 8,
  fileId: 16,
  dataId: 32,
  logId: 48,
  logVersion: 64,
  version: 66,
  logBytes: 68,
  logOffset: 72,
};
const LAST_SEQUENCE = 2n ** 63n;
/** Hyper-V makes logs of 1 MB; more than this is not read into memory. */
const LARGEST_LOG = 16 * MB;

/** Throws DiskError where there is no valid header. */
export async function readHeader(file: ByteFile): Promise<Header> {
  const found: Header[] = [];
  for (const slot of [0, 1] as const) {
    if (OFFSETS[slot] + HEADER_BYTES > file.size) throw new DiskError('the file is too short for a VHDX');
    const header = parse(await file.read(OFFSETS[slot], HEADER_BYTES), slot);
    if (header !== null) found.push(header);
  }
  const [first, second] = found;
  if (first === undefined) throw new DiskError('both headers of the VHDX are damaged');
  const header = second !== undefined && second.sequence > first.sequence ? second : first;
  const { logOffset, logBytes } = header;
  if (header.sequence > LAST_SEQUENCE) throw new DiskError('the headers of the VHDX have been written too often');
  if (logOffset % MB !== 0 || logBytes % MB !== 0 || logOffset < MB || logBytes === 0) {
    throw new DiskError('the log of the VHDX is in an impossible place');
  }
  if (logBytes > LARGEST_LOG) throw new DiskError(`the VHDX has a log of ${logBytes} bytes, which is too large`);
  if (logOffset + logBytes > file.size) throw new DiskError('the log of the VHDX lies outside of the file');
  return header;
}

/** Writes the next header over the older of the two, so that one is whole whatever happens, and gives it back. */
export async function writeHeader(file: ByteFile, header: Header): Promise<Header> {
  const next: Header = { ...header, slot: header.slot === 0 ? 1 : 0, sequence: header.sequence + 1n };
  await file.write(OFFSETS[next.slot], encode(next));
  return next;
}

/** Both headers of a new file. */
export async function writeFirstHeaders(file: ByteFile, header: Header): Promise<void> {
  await writeHeader(file, await writeHeader(file, header));
}

function parse(bytes: Uint8Array, slot: Header['slot']): Header | null {
  const view = viewOf(bytes);
  if (!hasText(bytes, 0, 'head') || view.getUint32(FIELD.checksum, true) !== crc32c(bytes, FIELD.checksum)) return null;
  if (view.getUint16(FIELD.version, true) !== 1) throw new DiskError('the VHDX has an unknown version');
  const logId = readGuid(bytes, FIELD.logId, true);
  if (logId !== NO_GUID && view.getUint16(FIELD.logVersion, true) !== 0) {
    throw new DiskError('the log of the VHDX has an unknown version');
  }
  return {
    slot,
    sequence: view.getBigUint64(FIELD.sequence, true),
    fileId: readGuid(bytes, FIELD.fileId, true),
    dataId: readGuid(bytes, FIELD.dataId, true),
    logId,
    logBytes: view.getUint32(FIELD.logBytes, true),
    logOffset: readUint64(view, FIELD.logOffset, true),
  };
}

function encode(header: Header): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = viewOf(bytes);
  putText(bytes, 0, 'head');
  view.setBigUint64(FIELD.sequence, header.sequence, true);
  writeGuid(bytes, FIELD.fileId, header.fileId, true);
  writeGuid(bytes, FIELD.dataId, header.dataId, true);
  writeGuid(bytes, FIELD.logId, header.logId, true);
  view.setUint16(FIELD.version, 1, true);
  view.setUint32(FIELD.logBytes, header.logBytes, true);
  writeUint64(view, FIELD.logOffset, header.logOffset, true);
  view.setUint32(FIELD.checksum, crc32c(bytes, FIELD.checksum), true);
  return bytes;
}
