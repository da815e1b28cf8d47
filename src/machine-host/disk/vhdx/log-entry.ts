import { hasText, putText, readUint64, viewOf, writeUint64 } from '../fields.js';
import { readGuid, writeGuid } from '../guid.js';
import { crc32c } from './crc32c.js';
import { PAGE } from './layout.js';

/** One entry of the log ([MS-VHDX] 2.3.1): pages to be written, or zeroed, all or none. */
export interface LogEntry {
  sequence: bigint;
  /** Where in the log the oldest entry is that is needed together with this one. */
  tail: number;
  /** How long the file was, at least, when this was written; and how long it must be at least. */
  flushedBytes: number;
  lastBytes: number;
  changes: LogChange[];
}

/** `page` null: zeroes. Offset and length are multiples of a page. */
export interface LogChange {
  offset: number;
  length: number;
  page: Uint8Array | null;
}

const HEADER_BYTES = 64;
const DESCRIPTOR_BYTES = 32;
const FIELD = {
  checksum: 4,
  bytes: 8,
  tail: 12,
  sequence: 16,
  descriptors: 24,
  logId: 32,
  flushedBytes: 48,
  lastBytes: 56,
} as const;
/** A data sector holds its page but for the first 8 and the last 4 bytes, which make room for what says it is whole. */
const LEADING = 8;
const TRAILING = 4;

export function entryBytes(pages: number): number {
  return Math.ceil((HEADER_BYTES + pages * DESCRIPTOR_BYTES) / PAGE) * PAGE + pages * PAGE;
}

export function encodeEntry(
  logId: string,
  entry: Omit<LogEntry, 'changes'>,
  pages: [number, Uint8Array][],
): Uint8Array {
  const bytes = new Uint8Array(entryBytes(pages.length));
  const view = viewOf(bytes);
  putText(bytes, 0, 'loge');
  view.setUint32(FIELD.bytes, bytes.length, true);
  view.setUint32(FIELD.tail, entry.tail, true);
  view.setBigUint64(FIELD.sequence, entry.sequence, true);
  view.setUint32(FIELD.descriptors, pages.length, true);
  writeGuid(bytes, FIELD.logId, logId, true);
  writeUint64(view, FIELD.flushedBytes, entry.flushedBytes, true);
  writeUint64(view, FIELD.lastBytes, entry.lastBytes, true);
  const firstSector = bytes.length - pages.length * PAGE;
  for (const [index, [offset, page]] of pages.entries()) {
    const at = HEADER_BYTES + index * DESCRIPTOR_BYTES;
    putText(bytes, at, 'desc');
    bytes.set(page.subarray(PAGE - TRAILING), at + 4);
    bytes.set(page.subarray(0, LEADING), at + 8);
    writeUint64(view, at + 16, offset, true);
    view.setBigUint64(at + 24, entry.sequence, true);
    const sector = firstSector + index * PAGE;
    putText(bytes, sector, 'data');
    view.setUint32(sector + 4, Number(entry.sequence >> 32n), true);
    bytes.set(page.subarray(LEADING, PAGE - TRAILING), sector + 8);
    view.setUint32(sector + PAGE - 4, Number(entry.sequence & 0xffff_ffffn), true);
  }
  view.setUint32(FIELD.checksum, crc32c(bytes, FIELD.checksum), true);
  return bytes;
}

/**
 * The entry that begins at `at` in a log, which is a ring, and its length; null: there is no valid one. What is cheap to
 * check is checked before the checksum, so that entries that seem to overlap cost no more than the log is long.
 */
export function parseEntry(log: Uint8Array, at: number, logId: string): { entry: LogEntry; bytes: number } | null {
  const first = log.subarray(at, at + PAGE);
  if (!hasText(first, 0, 'loge') || readGuid(first, FIELD.logId, true) !== logId) return null;
  const start = viewOf(first);
  const bytes = start.getUint32(FIELD.bytes, true);
  const count = start.getUint32(FIELD.descriptors, true);
  const headerBytes = Math.ceil((HEADER_BYTES + count * DESCRIPTOR_BYTES) / PAGE) * PAGE;
  if (bytes > log.length || headerBytes > bytes || bytes % PAGE !== 0) return null;
  const whole = ring(log, at, bytes);
  const view = viewOf(whole);
  const sequence = view.getBigUint64(FIELD.sequence, true);
  let sector = headerBytes;
  for (const descriptor of descriptors(count)) {
    if (view.getBigUint64(descriptor + 24, true) !== sequence) return null;
    if (hasText(whole, descriptor, 'zero')) continue;
    if (!hasText(whole, descriptor, 'desc') || !isDataSector(whole, sector, sequence)) return null;
    sector += PAGE;
  }
  if (sector !== bytes || view.getUint32(FIELD.checksum, true) !== crc32c(whole, FIELD.checksum)) return null;
  const entry = {
    sequence,
    tail: view.getUint32(FIELD.tail, true),
    flushedBytes: readUint64(view, FIELD.flushedBytes, true),
    lastBytes: readUint64(view, FIELD.lastBytes, true),
    changes: changesOf(whole, count, headerBytes),
  };
  return { entry, bytes };
}

function changesOf(entry: Uint8Array, count: number, firstSector: number): LogChange[] {
  const view = viewOf(entry);
  let sector = firstSector;
  return descriptors(count).map((descriptor) => {
    const offset = readUint64(view, descriptor + 16, true);
    if (hasText(entry, descriptor, 'zero')) {
      return { offset, length: readUint64(view, descriptor + 8, true), page: null };
    }
    const page = pageOf(entry, descriptor, sector);
    sector += PAGE;
    return { offset, length: PAGE, page };
  });
}

function descriptors(count: number): number[] {
  return Array.from({ length: count }, (_, index) => HEADER_BYTES + index * DESCRIPTOR_BYTES);
}

function isDataSector(entry: Uint8Array, at: number, sequence: bigint): boolean {
  if (at + PAGE > entry.length || !hasText(entry, at, 'data')) return false;
  const view = viewOf(entry);
  const high = BigInt(view.getUint32(at + 4, true));
  return ((high << 32n) | BigInt(view.getUint32(at + PAGE - 4, true))) === sequence;
}

function pageOf(entry: Uint8Array, descriptor: number, sector: number): Uint8Array {
  const page = new Uint8Array(PAGE);
  page.set(entry.subarray(descriptor + 8, descriptor + 8 + LEADING));
  page.set(entry.subarray(sector + 8, sector + PAGE - TRAILING), LEADING);
  page.set(entry.subarray(descriptor + 4, descriptor + 4 + TRAILING), PAGE - TRAILING);
  return page;
}

function ring(log: Uint8Array, at: number, bytes: number): Uint8Array {
  if (at + bytes <= log.length) return log.subarray(at, at + bytes);
  const whole = new Uint8Array(bytes);
  whole.set(log.subarray(at));
  whole.set(log.subarray(0, bytes - (log.length - at)), log.length - at);
  return whole;
}
