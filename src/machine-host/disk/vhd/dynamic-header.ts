import type { ByteFile } from '../byte-file.js';
import { DiskError } from '../disk-error.js';
import { fromUtf16, hasText, isPowerOfTwo, putText, readUint64, utf16, viewOf, writeUint64 } from '../fields.js';
import { NO_GUID, readGuid, writeGuid } from '../guid.js';
import { checksum } from './checksum.js';

export const HEADER_BYTES = 1024;

/** The header of a dynamic or differencing VHD. */
export interface DynamicHeader {
  tableOffset: number;
  blocks: number;
  blockBytes: number;
  parentId: string;
  /** The file name of the parent, for people. */
  parentName: string;
  locators: Locator[];
}

/** Where in the file a path of the parent stands. */
export interface Locator {
  /** `other` is for systems whose paths mean nothing here. */
  platform: 'relative' | 'absolute' | 'other';
  offset: number;
  length: number;
}

const COOKIE = 'cxsparse';
const FIELD = {
  nextOffset: 8,
  tableOffset: 16,
  version: 24,
  blocks: 28,
  blockBytes: 32,
  checksum: 36,
  parentId: 40,
  parentName: 64,
  locators: 576,
} as const;
const VERSION = 0x10000;
const NAME_BYTES = 512;
const LOCATORS = 8;
const LOCATOR_BYTES = 24;
const LONGEST_PATH_BYTES = 64 << 10;
const PLATFORMS = { relative: 'W2ru', absolute: 'W2ku', other: '\0\0\0\0' } as const;
const SMALLEST_BLOCK = 4096;
const LARGEST_BLOCK = 256 << 20;

/** Throws DiskError where it is damaged. */
export function parseHeader(bytes: Uint8Array): DynamicHeader {
  const view = viewOf(bytes);
  if (!hasText(bytes, 0, COOKIE) || view.getUint32(FIELD.checksum) !== checksum(bytes, FIELD.checksum)) {
    throw new DiskError('the header of the VHD is damaged');
  }
  if (view.getUint32(FIELD.version) >>> 16 !== VERSION >>> 16) throw new DiskError('the VHD has an unknown version');
  const blockBytes = view.getUint32(FIELD.blockBytes);
  if (!isPowerOfTwo(blockBytes) || blockBytes < SMALLEST_BLOCK || blockBytes > LARGEST_BLOCK) {
    throw new DiskError(`the VHD has blocks of ${blockBytes} bytes, which none can have`);
  }
  return {
    tableOffset: readUint64(view, FIELD.tableOffset, false),
    blocks: view.getUint32(FIELD.blocks),
    blockBytes,
    parentId: readGuid(bytes, FIELD.parentId, false),
    parentName: fromUtf16(bytes.subarray(FIELD.parentName, FIELD.parentName + NAME_BYTES), false),
    locators: Array.from({ length: LOCATORS }, (_, index) => parseLocator(bytes, index)).filter(
      (locator) => locator !== null,
    ),
  };
}

export function encodeHeader(header: DynamicHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = viewOf(bytes);
  putText(bytes, 0, COOKIE);
  view.setBigUint64(FIELD.nextOffset, 0xffff_ffff_ffff_ffffn);
  writeUint64(view, FIELD.tableOffset, header.tableOffset, false);
  view.setUint32(FIELD.version, VERSION);
  view.setUint32(FIELD.blocks, header.blocks);
  view.setUint32(FIELD.blockBytes, header.blockBytes);
  writeGuid(bytes, FIELD.parentId, header.parentId, false);
  bytes.set(utf16(header.parentName, false).subarray(0, NAME_BYTES - 2), FIELD.parentName);
  for (const [index, { platform, offset, length }] of header.locators.entries()) {
    const at = FIELD.locators + index * LOCATOR_BYTES;
    putText(bytes, at, PLATFORMS[platform]);
    view.setUint32(at + 4, Math.ceil(length / 512) * 512);
    view.setUint32(at + 8, length);
    writeUint64(view, at + 16, offset, false);
  }
  view.setUint32(FIELD.checksum, checksum(bytes, FIELD.checksum));
  return bytes;
}

/** What the header says of the parent, the paths with slashes. Throws DiskError where a path lies outside of the file. */
export async function parentPaths(file: ByteFile, header: DynamicHeader): Promise<string[]> {
  if (header.parentId === NO_GUID) throw new DiskError('the differencing VHD names no parent');
  const paths: string[] = [];
  for (const platform of ['relative', 'absolute'] as const) {
    for (const locator of header.locators.filter((candidate) => candidate.platform === platform)) {
      if (locator.length > LONGEST_PATH_BYTES || locator.offset + locator.length > file.size) {
        throw new DiskError("the path of the VHD's parent lies outside of the file");
      }
      paths.push(fromUtf16(await file.read(locator.offset, locator.length), true));
    }
  }
  return [...paths, header.parentName].filter((path) => path !== '').map((path) => path.replaceAll('\\', '/'));
}

/** null: none in this place. */
function parseLocator(bytes: Uint8Array, index: number): Locator | null {
  const at = FIELD.locators + index * LOCATOR_BYTES;
  const view = viewOf(bytes);
  if (hasText(bytes, at, PLATFORMS.other)) return null;
  const platform = (['relative', 'absolute'] as const).find((name) => hasText(bytes, at, PLATFORMS[name])) ?? 'other';
  return { platform, length: view.getUint32(at + 8), offset: readUint64(view, at + 16, false) };
}
