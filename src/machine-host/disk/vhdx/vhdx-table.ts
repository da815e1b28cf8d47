import { writeZeroes } from '../byte-file.js';
import type { DiskInfo, ParentLink } from '../disk-image.js';
import { viewOf } from '../fields.js';
import type { Extent, FileSpace } from '../file-space.js';
import { NO_GUID, newGuid } from '../guid.js';
import { MetadataPages } from '../metadata-pages.js';
import { SectorBitmap } from '../sector-bitmap.js';
import type { BlockPlace, BlockTable } from '../sparse-disk.js';
import { type Bat, type BatShape, BlockState, encodeBatEntry, entryOfBitmap, entryOfBlock } from './bat.js';
import { type Header, writeHeader } from './header.js';
import { BITMAP_BLOCK_BYTES, MB, PAGE } from './layout.js';
import type { ReplayedFile } from './log-replay.js';
import { LogWriter } from './log-writer.js';
import type { Metadata } from './metadata.js';

/** What was read of a VHDX when it was opened. */
export interface VhdxParts {
  header: Header;
  metadata: Metadata;
  batRegion: Extent;
  shape: BatShape;
  bat: Bat;
  space: FileSpace;
}

/** The blocks of a VHDX. What says where they are changes through the log. */
export class VhdxTable implements BlockTable {
  readonly bytes: number;
  readonly sectorBytes: 512 | 4096;
  readonly blockBytes: number;
  private readonly pages: MetadataPages;
  private readonly bitmap: SectorBitmap;
  private log: LogWriter | null = null;
  /** Room of blocks that are gone in memory only: the file still points there. */
  private dropped: Extent[] = [];

  constructor(
    private readonly file: ReplayedFile,
    private readonly parts: VhdxParts,
  ) {
    ({ bytes: this.bytes, sectorBytes: this.sectorBytes, blockBytes: this.blockBytes } = parts.metadata);
    this.pages = new MetadataPages(file, PAGE);
    this.bitmap = new SectorBitmap(this.pages, 'least significant first');
  }

  find(block: number): BlockPlace {
    const { shape, bat, metadata } = this.parts;
    const entry = entryOfBlock(shape, block);
    const offset = bat.offsets[entry]!;
    switch (bat.states[entry]) {
      case BlockState.fullyPresent:
        return { kind: 'file', offset };
      case BlockState.partiallyPresent:
        return { kind: 'mixed', offset };
      case BlockState.notPresent:
        return { kind: metadata.parent === null ? 'zero' : 'parent' };
      default:
        return { kind: 'zero' };
    }
  }

  /** New identifiers first, then the log of who was interrupted, then what lies behind the last block is cut off. */
  async prepare(): Promise<void> {
    const { space } = this.parts;
    let header = await writeHeader(this.file, { ...this.parts.header, fileId: newGuid() });
    await this.file.barrier();
    if (this.file.isPending) {
      await this.file.apply();
      await this.file.barrier();
    }
    header = await writeHeader(this.file, { ...header, dataId: newGuid(), logId: NO_GUID });
    await this.file.barrier();
    if (this.file.size !== space.end) {
      await this.file.truncate(space.end);
      await this.file.barrier();
    }
    this.log = new LogWriter(this.file, header);
  }

  async allocate(overwritten: boolean): Promise<number> {
    return this.take(this.blockBytes, !overwritten);
  }

  async place(block: number, offset: number, sector: number, count: number): Promise<void> {
    const { shape } = this.parts;
    const isWhole = count * this.sectorBytes === this.blockBytes || this.find(block).kind === 'zero';
    if (isWhole) return this.point(entryOfBlock(shape, block), BlockState.fullyPresent, offset);
    const bitmapEntry = entryOfBitmap(shape, block);
    if (this.parts.bat.offsets[bitmapEntry] === 0) {
      await this.point(bitmapEntry, BlockState.fullyPresent, await this.take(BITMAP_BLOCK_BYTES, true));
    }
    // What an interrupted commit has left there would show old data.
    await this.bitmap.set(this.bitmapOf(block), this.bitOf(block), this.blockBytes / this.sectorBytes, false);
    await this.point(entryOfBlock(shape, block), BlockState.partiallyPresent, offset);
    await this.markPresent(block, sector, count);
  }

  presentRun(block: number, sector: number, count: number): Promise<{ present: boolean; count: number }> {
    return this.bitmap.run(this.bitmapOf(block), this.bitOf(block) + sector, count);
  }

  markPresent(block: number, sector: number, count: number): Promise<void> {
    return this.bitmap.set(this.bitmapOf(block), this.bitOf(block) + sector, count, true);
  }

  /** A fixed disk keeps its blocks. */
  async drop(block: number): Promise<void> {
    const { metadata, shape, bat } = this.parts;
    const entry = entryOfBlock(shape, block);
    if (metadata.leavesBlocksAllocated || this.find(block).kind === 'zero') return;
    const offset = bat.offsets[entry]!;
    if (offset > 0) this.dropped.push({ offset, length: this.blockBytes });
    // A guest may have read zeroes since, so it shall never see the parent's data again.
    await this.point(entry, metadata.parent === null ? BlockState.unmapped : BlockState.zero, 0);
  }

  /** Bitmaps before the table: what the table makes visible must say which sectors it means. */
  async commit(): Promise<void> {
    const { batRegion } = this.parts;
    const isInBat = ([offset]: [number, Uint8Array]) =>
      offset >= batRegion.offset && offset < batRegion.offset + batRegion.length;
    const unwritten = this.pages.unwritten();
    const pages = [...unwritten.filter((page) => !isInBat(page)), ...unwritten.filter(isInBat)];
    if (this.log === null || pages.length === 0) return this.file.flush();
    const { mostPages } = this.log;
    for (let at = 0; at < pages.length; at += mostPages) {
      const some = pages.slice(at, at + mostPages);
      await this.log.write(some);
      for (const [offset] of some) this.pages.written(offset);
    }
    for (const extent of this.dropped.splice(0)) this.parts.space.release(extent);
  }

  /** The log is empty before the file is cut off: what is in it relies on the file's length. */
  async finish(): Promise<void> {
    if (this.log === null) return;
    this.parts.header = await this.log.close();
    this.log = null;
    this.parts.space.shrink();
    if (this.file.size === this.parts.space.end) return;
    await this.file.truncate(this.parts.space.end);
    await this.file.flush();
  }

  info(): DiskInfo {
    const { metadata, shape, bat, space, header } = this.parts;
    let inFile = 0;
    for (let block = 0; block < shape.blocks; block++) inFile += Number(bat.offsets[entryOfBlock(shape, block)]! > 0);
    const unfinished: string[] = [];
    if (this.file.isPending) unfinished.push('the file was not closed: its log has to be replayed');
    if (this.file.size > space.end)
      unfinished.push(`${this.file.size - space.end} bytes behind the last block are unused`);
    return {
      format: 'vhdx',
      allocation: metadata.parent !== null ? 'differencing' : metadata.leavesBlocksAllocated ? 'fixed' : 'dynamic',
      bytes: this.bytes,
      sectorBytes: this.sectorBytes,
      fileBytes: this.file.size,
      blockBytes: this.blockBytes,
      blocks: { all: shape.blocks, inFile },
      id: this.log?.header.dataId ?? header.dataId,
      parent: parentLink(metadata),
      unfinished,
    };
  }

  private async take(length: number, cleared: boolean): Promise<number> {
    const { offset, fresh } = this.parts.space.allocate(length, MB);
    if (fresh) await this.file.truncate(offset + length);
    else if (cleared) await writeZeroes(this.file, offset, length);
    this.pages.forget(offset, length);
    return offset;
  }

  private async point(entry: number, state: number, offset: number): Promise<void> {
    const { bat, batRegion } = this.parts;
    const at = batRegion.offset + entry * 8;
    const page = await this.pages.change(at - (at % PAGE));
    viewOf(page).setBigUint64(at % PAGE, encodeBatEntry(state, offset), true);
    bat.states[entry] = state;
    bat.offsets[entry] = offset;
  }

  private bitmapOf(block: number): number {
    return this.parts.bat.offsets[entryOfBitmap(this.parts.shape, block)]!;
  }

  private bitOf(block: number): number {
    return (block % this.parts.shape.chunkBlocks) * (this.blockBytes / this.sectorBytes);
  }
}

export function parentLink({ parent }: Metadata): ParentLink | null {
  return parent === null ? null : { id: parent.linkage, paths: parent.paths };
}
