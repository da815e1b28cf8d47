import { type ByteFile, writeZeroes } from '../byte-file.js';
import { DiskError } from '../disk-error.js';
import type { DiskInfo, ParentLink } from '../disk-image.js';
import { viewOf } from '../fields.js';
import { type Extent, FileSpace, roundUp } from '../file-space.js';
import { MetadataPages } from '../metadata-pages.js';
import { SectorBitmap } from '../sector-bitmap.js';
import type { BlockPlace, BlockTable } from '../sparse-disk.js';
import { type DynamicHeader, HEADER_BYTES } from './dynamic-header.js';
import { encodeFooter, FOOTER_BYTES, type Footer, parseFooter } from './footer.js';

const SECTOR = 512;
const NOT_IN_FILE = 0xffff_ffff;

/**
 * The blocks of a dynamic or differencing VHD. Each lies in the file behind a bitmap of its sectors: the others are the
 * parent's, or zero.
 */
export class VhdTable implements BlockTable {
  readonly sectorBytes = SECTOR;
  readonly blockBytes: number;
  private readonly bitmapBytes: number;
  private readonly pages: MetadataPages;
  private readonly bitmap: SectorBitmap;
  /** Room of blocks that are gone in memory only: the file still points there. */
  private dropped: Extent[] = [];

  constructor(
    private readonly file: ByteFile,
    private readonly footer: Footer,
    private readonly header: DynamicHeader,
    /** For each block the sector of its bitmap. */
    private readonly table: Uint32Array,
    private readonly space: FileSpace,
    private readonly parent: ParentLink | null,
    private readonly unfinished: string[],
  ) {
    this.blockBytes = header.blockBytes;
    this.bitmapBytes = bitmapBytesOf(header.blockBytes);
    this.pages = new MetadataPages(file, SECTOR);
    this.bitmap = new SectorBitmap(this.pages, 'most significant first');
  }

  get bytes(): number {
    return this.footer.bytes;
  }

  find(block: number): BlockPlace {
    const sector = this.table[block]!;
    if (sector === NOT_IN_FILE) return { kind: 'parent' };
    return { kind: 'mixed', offset: sector * SECTOR + this.bitmapBytes };
  }

  /** Cuts off what an interrupted write has left behind the blocks, so that the room there is zero when it is used. */
  async prepare(): Promise<void> {
    if (this.unfinished.length === 0) return;
    await this.cutOff();
    this.unfinished.length = 0;
  }

  async allocate(): Promise<number> {
    const length = this.bitmapBytes + this.blockBytes;
    const { offset, fresh } = this.space.allocate(length, SECTOR);
    if (offset / SECTOR >= NOT_IN_FILE) throw new DiskError('the VHD cannot grow any more');
    const data = offset + this.bitmapBytes;
    if (fresh) await this.file.truncate(offset + length);
    else if (this.parent === null) await writeZeroes(this.file, data, this.blockBytes);
    // Without a parent every sector is there, because other programs do not look at the bitmap then.
    const bitmap = new Uint8Array(this.bitmapBytes).fill(this.parent === null ? 0xff : 0);
    await this.file.write(offset, bitmap);
    this.pages.forget(offset, this.bitmapBytes);
    return data;
  }

  async place(block: number, offset: number, sector: number, count: number): Promise<void> {
    await this.point(block, (offset - this.bitmapBytes) / SECTOR);
    if (this.parent !== null) await this.markPresent(block, sector, count);
  }

  presentRun(block: number, sector: number, count: number): Promise<{ present: boolean; count: number }> {
    return this.bitmap.run(this.table[block]! * SECTOR, sector, count);
  }

  markPresent(block: number, sector: number, count: number): Promise<void> {
    return this.bitmap.set(this.table[block]! * SECTOR, sector, count, true);
  }

  /** Only without a parent: the table cannot say that a block is zero where the parent's is not. */
  async drop(block: number): Promise<void> {
    const sector = this.table[block]!;
    if (sector === NOT_IN_FILE || this.parent !== null) return;
    const extent = { offset: sector * SECTOR, length: this.bitmapBytes + this.blockBytes };
    this.pages.forget(extent.offset, this.bitmapBytes);
    this.dropped.push(extent);
    await this.point(block, NOT_IN_FILE);
  }

  /** Data before the bitmaps that make it visible, bitmaps before the table that makes them visible. */
  async commit(): Promise<void> {
    const unwritten = this.pages.unwritten();
    if (unwritten.length > 0) {
      const table = unwritten.filter(([offset]) => this.isInTable(offset));
      const bitmaps = unwritten.filter(([offset]) => !this.isInTable(offset));
      await this.file.barrier();
      await this.writePages(bitmaps);
      if (table.length > 0) {
        if (bitmaps.length > 0) await this.file.barrier();
        await this.writePages(table);
        await this.file.write(this.space.end, encodeFooter(this.footer));
      }
    }
    await this.file.flush();
    for (const extent of this.dropped.splice(0)) this.space.release(extent);
  }

  /** Gives the room of dropped blocks at the end back to who keeps the file. */
  async finish(): Promise<void> {
    this.space.shrink();
    if (this.file.size === this.space.end + FOOTER_BYTES) return;
    await this.cutOff();
    await this.file.flush();
  }

  info(): DiskInfo {
    const { bytes, allocation, id } = this.footer;
    const inFile = this.table.reduce((count, sector) => count + Number(sector !== NOT_IN_FILE), 0);
    return {
      format: 'vhd',
      allocation,
      bytes,
      sectorBytes: SECTOR,
      fileBytes: this.file.size,
      blockBytes: this.blockBytes,
      blocks: { all: this.table.length, inFile },
      id,
      parent: this.parent,
      unfinished: [...this.unfinished],
    };
  }

  private async cutOff(): Promise<void> {
    await this.file.truncate(this.space.end);
    await this.file.barrier();
    await this.file.write(this.space.end, encodeFooter(this.footer));
  }

  private async writePages(pages: [offset: number, page: Uint8Array][]): Promise<void> {
    for (const [offset, page] of pages) {
      await this.file.write(offset, page);
      this.pages.written(offset);
    }
  }

  private isInTable(offset: number): boolean {
    const { tableOffset } = this.header;
    return offset >= tableOffset && offset < tableOffset + this.table.length * 4;
  }

  private async point(block: number, sector: number): Promise<void> {
    const at = this.header.tableOffset + block * 4;
    const page = await this.pages.change(at - (at % SECTOR));
    viewOf(page).setUint32(at % SECTOR, sector);
    this.table[block] = sector;
  }
}

function bitmapBytesOf(blockBytes: number): number {
  return roundUp(blockBytes / SECTOR / 8, SECTOR);
}

/** Reads the table and checks that every block lies in the file, alone. Throws DiskError where not. */
export async function readTable(
  file: ByteFile,
  footer: Footer,
  header: DynamicHeader,
): Promise<{ table: Uint32Array; space: FileSpace; unfinished: string[] }> {
  const blocks = Math.ceil(footer.bytes / header.blockBytes);
  const tableBytes = roundUp(header.blocks * 4, SECTOR);
  const { headerOffset } = footer;
  if (header.blocks < blocks) throw new DiskError(`the VHD has a table of ${header.blocks} blocks and needs ${blocks}`);
  if (header.tableOffset % SECTOR !== 0 || header.tableOffset + tableBytes > file.size) {
    throw new DiskError('the block table of the VHD lies outside of the file');
  }
  const view = viewOf(await file.read(header.tableOffset, blocks * 4));
  const table = Uint32Array.from({ length: blocks }, (_, block) => view.getUint32(block * 4));
  const taken: Extent[] = [
    { offset: 0, length: FOOTER_BYTES },
    { offset: headerOffset ?? 0, length: HEADER_BYTES },
    { offset: header.tableOffset, length: tableBytes },
    ...header.locators
      .filter(({ length }) => length > 0)
      .map(({ offset, length }) => ({ offset, length: roundUp(length, SECTOR) })),
  ];
  const length = bitmapBytesOf(header.blockBytes) + header.blockBytes;
  for (const [block, sector] of table.entries()) {
    if (sector === NOT_IN_FILE) continue;
    const offset = sector * SECTOR;
    if (offset + length > file.size) throw new DiskError(`block ${block} of the VHD lies outside of the file`);
    taken.push({ offset, length });
  }
  const space = new FileSpace(taken);
  return { table, space, unfinished: await unfinishedOf(file, space.end) };
}

async function unfinishedOf(file: ByteFile, end: number): Promise<string[]> {
  const last = file.size === end + FOOTER_BYTES ? await file.read(end, FOOTER_BYTES) : new Uint8Array(0);
  if (parseFooter(last) !== null) return [];
  return ['the file was not closed: its footer is not where the blocks end'];
}
