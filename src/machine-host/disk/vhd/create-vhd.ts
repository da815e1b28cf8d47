import type { ByteFile } from '../byte-file.js';
import type { CreateOptions } from '../create-options.js';
import { DiskError } from '../disk-error.js';
import { utf16 } from '../fields.js';
import { roundUp } from '../file-space.js';
import { NO_GUID, newGuid } from '../guid.js';
import { checkTableSize } from '../open-options.js';
import { encodeHeader, HEADER_BYTES, type Locator } from './dynamic-header.js';
import { encodeFooter, FOOTER_BYTES, LARGEST_VHD } from './footer.js';

/** What Hyper-V gives; the specification's default too. */
const BLOCK_BYTES = 2 << 20;

/** Writes a new VHD into an empty file. Throws DiskError where there is no such VHD. */
export async function createVhd(file: ByteFile, options: CreateOptions): Promise<void> {
  const { bytes, allocation, parent, blockBytes = BLOCK_BYTES } = options;
  if (bytes > LARGEST_VHD) throw new DiskError('a VHD holds at most 2040 GB; use VHDX');
  if (options.sectorBytes === 4096) throw new DiskError('a VHD has sectors of 512 bytes; use VHDX');
  const id = newGuid();
  if (allocation === 'fixed') {
    await file.truncate(bytes);
    await file.write(bytes, encodeFooter({ bytes, allocation, id, headerOffset: null }));
    return file.flush();
  }
  const blocks = Math.ceil(bytes / blockBytes);
  checkTableSize(blocks);
  const tableOffset = FOOTER_BYTES + HEADER_BYTES;
  const tableBytes = roundUp(blocks * 4, 512);
  const path = utf16(parent === null ? '' : relativePath(parent.path), true);
  const locatorOffset = tableOffset + tableBytes;
  const locators: Locator[] =
    parent === null ? [] : [{ platform: 'relative', offset: locatorOffset, length: path.length }];
  const header = encodeHeader({
    tableOffset,
    blocks,
    blockBytes,
    parentId: parent?.id ?? NO_GUID,
    parentName: parent === null ? '' : parent.path.slice(parent.path.lastIndexOf('/') + 1),
    locators,
  });
  const footer = encodeFooter({ bytes, allocation, id, headerOffset: FOOTER_BYTES });
  await file.write(FOOTER_BYTES, header);
  await file.write(tableOffset, new Uint8Array(tableBytes).fill(0xff));
  if (parent !== null) await file.write(locatorOffset, path);
  await file.write(locatorOffset + roundUp(path.length, 512), footer);
  await file.barrier();
  await file.write(0, footer);
  await file.flush();
}

/** As Windows writes it. */
function relativePath(path: string): string {
  const windows = path.replaceAll('/', '\\');
  return windows.startsWith('.') ? windows : `.\\${windows}`;
}
