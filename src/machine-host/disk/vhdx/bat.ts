import type { ByteFile } from '../byte-file.js';
import { DiskError } from '../disk-error.js';
import { viewOf } from '../fields.js';
import type { Extent } from '../file-space.js';
import { BITMAP_BLOCK_BYTES, BITS_PER_BITMAP_BLOCK, MB } from './layout.js';
import type { Metadata } from './metadata.js';

/** What an entry of the block allocation table says ([MS-VHDX] 2.5.1). */
export const BlockState = {
  notPresent: 0,
  undefined: 1,
  zero: 2,
  unmapped: 3,
  fullyPresent: 6,
  partiallyPresent: 7,
} as const;

const BITMAP_PRESENT = 6;
const STATE_BITS = 7n;
const OFFSET_SHIFT = 20n;

/** How the entries of payload blocks and of bitmap blocks are mixed. */
export interface BatShape {
  blocks: number;
  /** Payload blocks for each bitmap block, whose entry follows theirs. */
  chunkBlocks: number;
  entries: number;
}

export function batShape({ bytes, blockBytes, sectorBytes, parent }: Metadata): BatShape {
  const blocks = Math.ceil(bytes / blockBytes);
  const chunkBlocks = (BITS_PER_BITMAP_BLOCK * sectorBytes) / blockBytes;
  const chunks = Math.ceil(blocks / chunkBlocks);
  const entries = parent === null ? blocks + chunks - 1 : chunks * (chunkBlocks + 1);
  return { blocks, chunkBlocks, entries };
}

/** The table in memory: states and offsets in the file by index of the entry. */
export interface Bat {
  states: Uint8Array;
  /** Bytes; 0 where there is no room in the file. */
  offsets: Float64Array;
}

export function entryOfBlock(shape: BatShape, block: number): number {
  return block + Math.floor(block / shape.chunkBlocks);
}

export function entryOfBitmap(shape: BatShape, block: number): number {
  return Math.floor(block / shape.chunkBlocks) * (shape.chunkBlocks + 1) + shape.chunkBlocks;
}

export function encodeBatEntry(state: number, offset: number): bigint {
  return BigInt(state) | (BigInt(offset / MB) << OFFSET_SHIFT);
}

/** Throws DiskError where a state is unknown, or a block lies outside of the file. */
export async function readBat(file: ByteFile, region: Extent, shape: BatShape, metadata: Metadata): Promise<Bat> {
  if (shape.entries * 8 > region.length) throw new DiskError('the block table of the VHDX is too short for its disk');
  const view = viewOf(await file.read(region.offset, shape.entries * 8));
  const bat: Bat = { states: new Uint8Array(shape.entries), offsets: new Float64Array(shape.entries) };
  for (let index = 0; index < shape.entries; index++) {
    const raw = view.getBigUint64(index * 8, true);
    const isBitmap = index % (shape.chunkBlocks + 1) === shape.chunkBlocks;
    const state = Number(raw & STATE_BITS);
    bat.states[index] = state;
    if (isBitmap ? !isBitmapState(state) : !isPayloadState(state)) {
      throw new DiskError(`entry ${index} of the VHDX's block table has the unknown state ${state}`);
    }
    if (state === BlockState.partiallyPresent && metadata.parent === null) {
      throw new DiskError(`block ${index} of the VHDX is partly its parent's, and it has none`);
    }
    if (state < BITMAP_PRESENT) continue;
    const offset = Number(raw >> OFFSET_SHIFT) * MB;
    const length = isBitmap ? BITMAP_BLOCK_BYTES : metadata.blockBytes;
    if (offset < MB || offset + length > file.size) {
      throw new DiskError(`entry ${index} of the VHDX's block table points outside of the file`);
    }
    bat.offsets[index] = offset;
  }
  checkBitmaps(bat, shape);
  return bat;
}

/** The room that the blocks take. */
export function takenBy({ offsets }: Bat, shape: BatShape, blockBytes: number): Extent[] {
  const taken: Extent[] = [];
  for (const [index, offset] of offsets.entries()) {
    const isBitmap = index % (shape.chunkBlocks + 1) === shape.chunkBlocks;
    if (offset > 0) taken.push({ offset, length: isBitmap ? BITMAP_BLOCK_BYTES : blockBytes });
  }
  return taken;
}

function checkBitmaps(bat: Bat, shape: BatShape): void {
  for (let block = 0; block < shape.blocks; block++) {
    if (bat.states[entryOfBlock(shape, block)] !== BlockState.partiallyPresent) continue;
    if (bat.states[entryOfBitmap(shape, block)] !== BITMAP_PRESENT) {
      throw new DiskError(`block ${block} of the VHDX is partly its parent's, and the bitmap that says how is missing`);
    }
  }
}

function isPayloadState(state: number): boolean {
  return state !== 4 && state !== 5;
}

function isBitmapState(state: number): boolean {
  return state === BlockState.notPresent || state === BITMAP_PRESENT;
}
