import { DiskError } from '../disk-error.js';
import { fromUtf16, utf16, viewOf } from '../fields.js';
import { readGuid, writeGuid } from '../guid.js';

/** Which disk a differencing VHDX builds on ([MS-VHDX] 2.6.2.6): keys and values. */
export interface Locator {
  /** The parent's data identifier when the child was made. */
  linkage: string;
  /** With slashes, the relative one first. */
  paths: string[];
}

const TYPE = 'b04aefb7-d19e-4a81-b789-25b8e9445913';
const HEADER_BYTES = 20;
const ENTRY_BYTES = 12;
const PATH_KEYS = ['relative_path', 'absolute_win32_path', 'volume_path'];

/** Throws DiskError where it is damaged. */
export function parseLocator(bytes: Uint8Array): Locator {
  const view = viewOf(bytes);
  if (bytes.length < HEADER_BYTES || readGuid(bytes, 0, true) !== TYPE) {
    throw new DiskError('the VHDX names its parent in an unknown way');
  }
  const count = view.getUint16(18, true);
  if (HEADER_BYTES + count * ENTRY_BYTES > bytes.length)
    throw new DiskError('the parent locator of the VHDX is damaged');
  const values = new Map<string, string>();
  for (let index = 0; index < count; index++) {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    const text = (offsetAt: number, lengthAt: number) => {
      const offset = view.getUint32(offsetAt, true);
      const length = view.getUint16(lengthAt, true);
      if (offset + length > bytes.length) throw new DiskError('the parent locator of the VHDX is damaged');
      return fromUtf16(bytes.subarray(offset, offset + length), true);
    };
    values.set(text(at, at + 8), text(at + 4, at + 10));
  }
  const linkage = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i.exec(
    values.get('parent_linkage') ?? '',
  )?.[1];
  if (linkage === undefined) throw new DiskError('the VHDX does not say which disk its parent is');
  const paths = PATH_KEYS.map((key) => values.get(key) ?? '').filter((path) => path !== '');
  return { linkage: linkage.toLowerCase(), paths: paths.map((path) => path.replaceAll('\\', '/')) };
}

/** Writes the first path, as the relative one. */
export function encodeLocator({ linkage, paths }: Locator): Uint8Array {
  const windows = (paths[0] ?? '').replaceAll('/', '\\');
  const pairs = Object.entries({
    parent_linkage: `{${linkage}}`,
    relative_path: windows.startsWith('.') ? windows : `.\\${windows}`,
  }).map(([key, value]) => [utf16(key, true), utf16(value, true)] as const);
  const textBytes = pairs.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  const bytes = new Uint8Array(HEADER_BYTES + pairs.length * ENTRY_BYTES + textBytes);
  const view = viewOf(bytes);
  writeGuid(bytes, 0, TYPE, true);
  view.setUint16(18, pairs.length, true);
  let offset = HEADER_BYTES + pairs.length * ENTRY_BYTES;
  for (const [index, [key, value]] of pairs.entries()) {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    view.setUint32(at, offset, true);
    view.setUint32(at + 4, offset + key.length, true);
    view.setUint16(at + 8, key.length, true);
    view.setUint16(at + 10, value.length, true);
    bytes.set(key, offset);
    bytes.set(value, offset + key.length);
    offset += key.length + value.length;
  }
  return bytes;
}
