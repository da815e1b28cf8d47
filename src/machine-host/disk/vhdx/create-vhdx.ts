import type { ByteFile } from '../byte-file.js';
import type { CreateOptions } from '../create-options.js';
import { putText, utf16, viewOf } from '../fields.js';
import { roundUp } from '../file-space.js';
import { NO_GUID, newGuid } from '../guid.js';
import { checkTableSize } from '../open-options.js';
import { BlockState, batShape, encodeBatEntry, entryOfBlock } from './bat.js';
import { writeFirstHeaders } from './header.js';
import { MB, SIGNATURE } from './layout.js';
import { checkShape, encodeMetadata, type Metadata } from './metadata.js';
import { encodeRegions } from './regions.js';

/** What Hyper-V's documentation recommends for Linux, whose file systems write all over the disk. */
const SMALL_BLOCK = MB;
/** What Hyper-V gives; for disks whose table would be long otherwise. */
const LARGE_BLOCK = 32 * MB;
const LARGEST_IN_SMALL_BLOCKS = 1024 ** 4;
const LOG_OFFSET = MB;
const METADATA_OFFSET = 2 * MB;
const BAT_OFFSET = 3 * MB;
const BAT_PART = MB;

/** Writes a new VHDX into an empty file. Throws DiskError where there is no such VHDX. */
export async function createVhdx(file: ByteFile, options: CreateOptions): Promise<void> {
  const { bytes, allocation, parent, sectorBytes = 512 } = options;
  const blockBytes = options.blockBytes ?? (bytes <= LARGEST_IN_SMALL_BLOCKS ? SMALL_BLOCK : LARGE_BLOCK);
  checkShape(blockBytes, sectorBytes, bytes);
  const metadata: Metadata = {
    blockBytes,
    leavesBlocksAllocated: allocation === 'fixed',
    bytes,
    sectorBytes,
    diskId: newGuid(),
    parent: parent === null ? null : { linkage: parent.id, paths: [parent.path] },
  };
  const shape = batShape(metadata);
  checkTableSize(shape.blocks);
  const bat = { offset: BAT_OFFSET, length: roundUp(shape.entries * 8, MB) };
  const end = bat.offset + bat.length;
  await file.truncate(allocation === 'fixed' ? end + shape.blocks * blockBytes : end);
  await file.write(METADATA_OFFSET, encodeMetadata(metadata));
  if (allocation === 'fixed') {
    await writeBat(file, shape.entries, (entry) => {
      const block = entry - Math.floor(entry / (shape.chunkBlocks + 1));
      return entryOfBlock(shape, block) === entry
        ? encodeBatEntry(BlockState.fullyPresent, end + block * blockBytes)
        : 0n;
    });
  }
  const regions = { bat, metadata: { offset: METADATA_OFFSET, length: MB } };
  for (const [offset, table] of encodeRegions(regions)) await file.write(offset, table);
  const first = { slot: 1, sequence: 0n, fileId: newGuid(), dataId: newGuid(), logId: NO_GUID } as const;
  await writeFirstHeaders(file, { ...first, logOffset: LOG_OFFSET, logBytes: MB });
  await file.barrier();
  await file.write(0, fileIdentifier());
  await file.flush();
}

async function writeBat(file: ByteFile, entries: number, entryAt: (entry: number) => bigint): Promise<void> {
  for (let first = 0; first < entries; first += BAT_PART / 8) {
    const count = Math.min(BAT_PART / 8, entries - first);
    const part = new Uint8Array(count * 8);
    for (let index = 0; index < count; index++) viewOf(part).setBigUint64(index * 8, entryAt(first + index), true);
    await file.write(BAT_OFFSET + first * 8, part);
  }
}

function fileIdentifier(): Uint8Array {
  const bytes = new Uint8Array(4096);
  putText(bytes, 0, SIGNATURE);
  bytes.set(utf16('hvhost', true), 8);
  return bytes;
}
