import { DiskError } from '../disk-error.js';
import type { DiskAllocation } from '../disk-image.js';
import { hasText, putText, readUint64, viewOf, writeUint64 } from '../fields.js';
import { readGuid, writeGuid } from '../guid.js';
import { checksum } from './checksum.js';
import { geometry } from './geometry.js';

export const FOOTER_BYTES = 512;

/** The footer of a VHD, which is its header too: dynamic and differencing disks have a copy at their beginning. */
export interface Footer {
  bytes: number;
  allocation: DiskAllocation;
  id: string;
  /** Where the header of a dynamic disk is; null for a fixed one. */
  headerOffset: number | null;
}

const COOKIE = 'conectix';
const FIELD = {
  features: 8,
  version: 12,
  headerOffset: 16,
  timestamp: 24,
  creator: 28,
  creatorVersion: 32,
  creatorHost: 36,
  originalBytes: 40,
  bytes: 48,
  geometry: 56,
  type: 60,
  checksum: 64,
  id: 68,
} as const;
const TYPES: Record<DiskAllocation, number> = { fixed: 2, dynamic: 3, differencing: 4 };
const VERSION = 0x10000;
const NO_HEADER = 0xffff_ffff_ffff_ffffn;
/** The format ends at 2,040 GB: 32 bits of sectors, less what the table and Hyper-V take. */
export const LARGEST_VHD = 2040 * 1024 ** 3;

/** null: there is no valid footer in these 512 bytes. Throws DiskError where there is one that we cannot follow. */
export function parseFooter(sector: Uint8Array): Footer | null {
  if (sector.length !== FOOTER_BYTES || !hasText(sector, 0, COOKIE)) return null;
  const view = viewOf(sector);
  if (view.getUint32(FIELD.checksum) !== checksum(sector, FIELD.checksum)) return null;
  if (view.getUint32(FIELD.version) >>> 16 !== VERSION >>> 16) throw new DiskError('the VHD has an unknown version');
  const type = view.getUint32(FIELD.type);
  const allocation = (Object.keys(TYPES) as DiskAllocation[]).find((name) => TYPES[name] === type);
  if (allocation === undefined) throw new DiskError(`the VHD is of the unknown type ${type}`);
  const bytes = readUint64(view, FIELD.bytes, false);
  if (bytes === 0 || bytes % 512 !== 0 || bytes > LARGEST_VHD) {
    throw new DiskError(`the VHD claims to hold ${bytes} bytes, which none can`);
  }
  const headerOffset = allocation === 'fixed' ? null : readUint64(view, FIELD.headerOffset, false);
  return { bytes, allocation, id: readGuid(sector, FIELD.id, false), headerOffset };
}

export function encodeFooter({ bytes, allocation, id, headerOffset }: Footer): Uint8Array {
  const sector = new Uint8Array(FOOTER_BYTES);
  const view = viewOf(sector);
  putText(sector, 0, COOKIE);
  view.setUint32(FIELD.features, 2); // a bit that is always set
  view.setUint32(FIELD.version, VERSION);
  if (headerOffset === null) view.setBigUint64(FIELD.headerOffset, NO_HEADER);
  else writeUint64(view, FIELD.headerOffset, headerOffset, false);
  // Other programs take the size of a VHD from its geometry, which is rounded, unless they know its creator.
  putText(sector, FIELD.creator, 'win ');
  view.setUint32(FIELD.creatorVersion, 0xa0000);
  putText(sector, FIELD.creatorHost, 'Wi2k');
  writeUint64(view, FIELD.originalBytes, bytes, false);
  writeUint64(view, FIELD.bytes, bytes, false);
  const { cylinders, heads, sectorsPerTrack } = geometry(bytes / 512);
  view.setUint16(FIELD.geometry, cylinders);
  view.setUint8(FIELD.geometry + 2, heads);
  view.setUint8(FIELD.geometry + 3, sectorsPerTrack);
  view.setUint32(FIELD.type, TYPES[allocation]);
  writeGuid(sector, FIELD.id, id, false);
  view.setUint32(FIELD.checksum, checksum(sector, FIELD.checksum));
  return sector;
}
