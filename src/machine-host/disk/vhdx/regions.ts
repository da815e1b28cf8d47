import type { ByteFile } from '../byte-file.js';
import { DiskError } from '../disk-error.js';
import { hasText, putText, readUint64, viewOf, writeUint64 } from '../fields.js';
import type { Extent } from '../file-space.js';
import { readGuid, writeGuid } from '../guid.js';
import { crc32c } from './crc32c.js';
import { MB } from './layout.js';

export interface Regions {
  bat: Extent;
  metadata: Extent;
  /** Regions of others, which we leave alone. */
  unknown: Extent[];
}

const OFFSETS = [192 << 10, 256 << 10];
const TABLE_BYTES = 64 << 10;
const ENTRY_BYTES = 32;
const MOST_ENTRIES = 2047;
const BAT = '2dc27766-f623-4200-9d64-115e9bfd4a08';
const METADATA = '8b7ca206-4790-4b9a-b8fe-575f050f886e';

/** Throws DiskError where both copies of the table are damaged, or what it says cannot be ([MS-VHDX] 2.2.3). */
export async function readRegions(file: ByteFile): Promise<Regions> {
  for (const offset of OFFSETS) {
    if (offset + TABLE_BYTES > file.size) break;
    const table = await file.read(offset, TABLE_BYTES);
    if (hasText(table, 0, 'regi') && viewOf(table).getUint32(4, true) === crc32c(table, 4)) {
      return parse(table, file.size);
    }
  }
  throw new DiskError('both region tables of the VHDX are damaged');
}

export function encodeRegions({ bat, metadata }: Pick<Regions, 'bat' | 'metadata'>): [offset: number, Uint8Array][] {
  const table = new Uint8Array(TABLE_BYTES);
  const view = viewOf(table);
  putText(table, 0, 'regi');
  view.setUint32(8, 2, true);
  for (const [index, [id, { offset, length }]] of (
    [
      [BAT, bat],
      [METADATA, metadata],
    ] as const
  ).entries()) {
    const at = 16 + index * ENTRY_BYTES;
    writeGuid(table, at, id, true);
    writeUint64(view, at + 16, offset, true);
    view.setUint32(at + 24, length, true);
    view.setUint32(at + 28, 1, true);
  }
  view.setUint32(4, crc32c(table, 4), true);
  return OFFSETS.map((offset) => [offset, table]);
}

function parse(table: Uint8Array, fileBytes: number): Regions {
  const view = viewOf(table);
  const count = view.getUint32(8, true);
  if (count > MOST_ENTRIES) throw new DiskError(`the VHDX claims to have ${count} regions`);
  const known = new Map<string, Extent>();
  const unknown: Extent[] = [];
  for (let index = 0; index < count; index++) {
    const at = 16 + index * ENTRY_BYTES;
    const id = readGuid(table, at, true);
    const extent = { offset: readUint64(view, at + 16, true), length: view.getUint32(at + 24, true) };
    if (extent.offset % MB !== 0 || extent.length % MB !== 0 || extent.length === 0) {
      throw new DiskError(`region ${index} of the VHDX is in an impossible place`);
    }
    if (extent.offset + extent.length > fileBytes) {
      throw new DiskError(`region ${index} of the VHDX lies outside of the file`);
    }
    if (id === BAT || id === METADATA) {
      if (known.has(id)) throw new DiskError('the VHDX has a region twice');
      known.set(id, extent);
    } else {
      const required = (view.getUint32(at + 28, true) & 1) !== 0;
      if (required) throw new DiskError(`the VHDX needs a reader that knows the region ${id}`);
      unknown.push(extent);
    }
  }
  const [bat, metadata] = [known.get(BAT), known.get(METADATA)];
  if (bat === undefined || metadata === undefined) throw new DiskError('the VHDX lacks a region that each must have');
  return { bat, metadata, unknown };
}
