import type { ByteFile } from '../byte-file.js';
import { DiskError } from '../disk-error.js';
import { hasText, isPowerOfTwo, putText, readUint64, viewOf, writeUint64 } from '../fields.js';
import type { Extent } from '../file-space.js';
import { readGuid, writeGuid } from '../guid.js';
import { LARGEST_VHDX, MB } from './layout.js';
import { encodeLocator, type Locator, parseLocator } from './parent-locator.js';

/** What a VHDX says of its disk ([MS-VHDX] 2.6). */
export interface Metadata {
  blockBytes: number;
  /** A fixed disk: blocks keep their room. */
  leavesBlocksAllocated: boolean;
  bytes: number;
  sectorBytes: 512 | 4096;
  /** Page 83 of SCSI inquiries: the same for as long as the disk lives. */
  diskId: string;
  parent: Locator | null;
}

const TABLE_BYTES = 64 << 10;
const ENTRY_BYTES = 32;
const MOST_ENTRIES = 2047;
const LARGEST_ITEM = MB;
const ITEM = {
  fileParameters: 'caa16737-fa36-4d43-b3b6-33f0aa44e76b',
  diskBytes: '2fa54224-cd1b-4876-b211-5dbed83bf4b8',
  diskId: 'beca12ab-b2e6-4523-93ef-c309e000c746',
  logicalSector: '8141bf1d-a96f-4709-ba47-f233a8faab5f',
  physicalSector: 'cda348c7-445d-4471-9cc9-e9885251c556',
  parentLocator: 'a8d35f2d-b30b-454d-abf7-d3d84834ab0c',
} as const;
const LEAVES_BLOCKS_ALLOCATED = 1;
const HAS_PARENT = 2;
const IS_DISK_PROPERTY = 2;
const IS_REQUIRED = 4;

/** Throws DiskError where an item is missing, damaged or unknown and required. */
export async function readMetadata(file: ByteFile, region: Extent): Promise<Metadata> {
  const items = await readItems(file, region);
  const item = (id: string, length: number) => {
    const bytes = items.get(id);
    if (bytes === undefined || bytes.length < length) throw new DiskError(`the VHDX lacks the metadata item ${id}`);
    return viewOf(bytes);
  };
  const parameters = item(ITEM.fileParameters, 8);
  const blockBytes = parameters.getUint32(0, true);
  const flags = parameters.getUint32(4, true);
  const bytes = readUint64(item(ITEM.diskBytes, 8), 0, true);
  const sectorBytes = item(ITEM.logicalSector, 4).getUint32(0, true);
  const diskId = item(ITEM.diskId, 16);
  checkShape(blockBytes, sectorBytes, bytes);
  const hasParent = (flags & HAS_PARENT) !== 0;
  const locator = items.get(ITEM.parentLocator);
  if (hasParent && locator === undefined) throw new DiskError('the differencing VHDX does not name its parent');
  return {
    blockBytes,
    leavesBlocksAllocated: (flags & LEAVES_BLOCKS_ALLOCATED) !== 0 && !hasParent,
    bytes,
    sectorBytes: sectorBytes === 512 ? 512 : 4096,
    diskId: readGuid(new Uint8Array(diskId.buffer, diskId.byteOffset, 16), 0, true),
    parent: hasParent && locator !== undefined ? parseLocator(locator) : null,
  };
}

/** Throws DiskError where no VHDX can be like that. */
export function checkShape(blockBytes: number, sectorBytes: number, bytes: number): void {
  if (!isPowerOfTwo(blockBytes) || blockBytes < MB || blockBytes > 256 * MB) {
    throw new DiskError(`the VHDX has blocks of ${blockBytes} bytes; from 1 MB to 256 MB they can have`);
  }
  if (sectorBytes !== 512 && sectorBytes !== 4096) throw new DiskError(`the VHDX has sectors of ${sectorBytes} bytes`);
  if (bytes === 0 || bytes % sectorBytes !== 0 || bytes > LARGEST_VHDX) {
    throw new DiskError(
      `a VHDX cannot hold ${bytes} bytes: it takes whole sectors of ${sectorBytes} bytes up to 64 TB`,
    );
  }
}

/** The whole region, 1 MB. */
export function encodeMetadata(metadata: Metadata): Uint8Array {
  const region = new Uint8Array(MB);
  const view = viewOf(region);
  const hasParent = metadata.parent === null ? 0 : HAS_PARENT;
  const leave = metadata.leavesBlocksAllocated ? LEAVES_BLOCKS_ALLOCATED : 0;
  const items: [id: string, flags: number, bytes: Uint8Array][] = [
    [ITEM.fileParameters, IS_REQUIRED, uint32s(metadata.blockBytes, leave | hasParent)],
    [ITEM.diskBytes, IS_REQUIRED | IS_DISK_PROPERTY, uint64(metadata.bytes)],
    [ITEM.diskId, IS_REQUIRED | IS_DISK_PROPERTY, guid(metadata.diskId)],
    [ITEM.logicalSector, IS_REQUIRED | IS_DISK_PROPERTY, uint32s(metadata.sectorBytes)],
    [ITEM.physicalSector, IS_REQUIRED | IS_DISK_PROPERTY, uint32s(4096)],
  ];
  if (metadata.parent !== null) items.push([ITEM.parentLocator, IS_REQUIRED, encodeLocator(metadata.parent)]);
  putText(region, 0, 'metadata');
  view.setUint16(10, items.length, true);
  let offset = TABLE_BYTES;
  for (const [index, [id, flags, bytes]] of items.entries()) {
    const at = ENTRY_BYTES + index * ENTRY_BYTES;
    writeGuid(region, at, id, true);
    view.setUint32(at + 16, offset, true);
    view.setUint32(at + 20, bytes.length, true);
    view.setUint32(at + 24, flags, true);
    region.set(bytes, offset);
    offset += bytes.length;
  }
  return region;
}

async function readItems(file: ByteFile, region: Extent): Promise<Map<string, Uint8Array>> {
  const table = await file.read(region.offset, TABLE_BYTES);
  const view = viewOf(table);
  const count = view.getUint16(10, true);
  if (!hasText(table, 0, 'metadata') || count > MOST_ENTRIES) {
    throw new DiskError('the metadata table of the VHDX is damaged');
  }
  const known = new Set<string>(Object.values(ITEM));
  const items = new Map<string, Uint8Array>();
  for (let index = 0; index < count; index++) {
    const at = ENTRY_BYTES + index * ENTRY_BYTES;
    const id = readGuid(table, at, true);
    const [offset, length, flags] = [16, 20, 24].map((field) => view.getUint32(at + field, true)) as [
      number,
      number,
      number,
    ];
    if (!known.has(id)) {
      if ((flags & IS_REQUIRED) !== 0)
        throw new DiskError(`the VHDX needs a reader that knows the metadata item ${id}`);
      continue;
    }
    if (offset < TABLE_BYTES || length > LARGEST_ITEM || offset + length > region.length) {
      throw new DiskError(`the metadata item ${id} of the VHDX lies outside of its region`);
    }
    if (items.has(id)) throw new DiskError(`the VHDX has the metadata item ${id} twice`);
    items.set(id, await file.read(region.offset + offset, length));
  }
  return items;
}

function uint32s(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  for (const [index, value] of values.entries()) viewOf(bytes).setUint32(index * 4, value, true);
  return bytes;
}

function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  writeUint64(viewOf(bytes), 0, value, true);
  return bytes;
}

function guid(id: string): Uint8Array {
  const bytes = new Uint8Array(16);
  writeGuid(bytes, 0, id, true);
  return bytes;
}
