import type { ByteFile } from './byte-file.js';
import { DiskError } from './disk-error.js';
import type { DiskImage, DiskInfo } from './disk-image.js';
import { Turns } from './turns.js';

/** Where the data of a block is. `parent` reads as zeroes where there is none; `mixed` says so for each sector. */
export type BlockPlace = { kind: 'parent' } | { kind: 'zero' } | { kind: 'file' | 'mixed'; offset: number };

/** What a format with blocks knows: which block lies where. It changes in memory and reaches the file by `commit`. */
export interface BlockTable {
  readonly bytes: number;
  readonly sectorBytes: 512 | 4096;
  readonly blockBytes: number;
  find(block: number): BlockPlace;
  /** Makes the file ready for changes; comes before the first one, and before the first one after `finish`. */
  prepare(): Promise<void>;
  /** Room for a block, filled with zeroes unless all of it is `overwritten` next. The block is not there yet. */
  allocate(overwritten: boolean): Promise<number>;
  /** Puts a block that was not in the file at an offset that `allocate` gave; only those sectors are written. */
  place(block: number, offset: number, sector: number, count: number): Promise<void>;
  /** How many sectors from `sector` on are all in the file, or all not; at most `count`. */
  presentRun(block: number, sector: number, count: number): Promise<{ present: boolean; count: number }>;
  /** Sectors of a mixed block are in the file now. */
  markPresent(block: number, sector: number, count: number): Promise<void>;
  /** The block reads as zeroes from now on, or as before where the format cannot say so. */
  drop(block: number): Promise<void>;
  /** Resolves when all data and changes are where a power failure cannot take them. */
  commit(): Promise<void>;
  /** Leaves the file as its format wants it, until the next `prepare`; comes after a commit. */
  finish(): Promise<void>;
  info(): DiskInfo;
}

/** A disk in blocks that get room in the file when they are first written. */
export class SparseDisk implements DiskImage {
  private readonly turns = new Turns();
  private prepared = false;

  constructor(
    private readonly file: ByteFile,
    private readonly table: BlockTable,
    private readonly parent: DiskImage | null,
    private readonly readOnly: boolean,
  ) {}

  get bytes(): number {
    return this.table.bytes;
  }

  get sectorBytes(): 512 | 4096 {
    return this.table.sectorBytes;
  }

  info(): DiskInfo {
    return this.table.info();
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.turns.look(async () => {
      const data = new Uint8Array(length);
      for (const piece of this.pieces(offset, length)) {
        await this.readPiece(piece, data.subarray(piece.at, piece.at + piece.length));
      }
      return data;
    });
  }

  write(offset: number, data: Uint8Array): Promise<void> {
    return this.turns.change(async () => {
      await this.prepare();
      for (const piece of this.pieces(offset, data.length)) {
        await this.writePiece(piece, data.subarray(piece.at, piece.at + piece.length));
      }
    });
  }

  /** Frees the blocks that lie wholly in the range; the rest reads as before. */
  trim(offset: number, length: number): Promise<void> {
    return this.turns.change(async () => {
      await this.prepare();
      for (const { block, within, length: bytes } of this.pieces(offset, length)) {
        const blockEnd = Math.min(this.table.blockBytes, this.bytes - block * this.table.blockBytes);
        if (within === 0 && bytes === blockEnd) await this.table.drop(block);
      }
    });
  }

  flush(): Promise<void> {
    return this.turns.change(async () => {
      if (this.prepared) await this.table.commit();
    });
  }

  settle(): Promise<void> {
    return this.turns.change(() => this.finish());
  }

  close(): Promise<void> {
    return this.turns.change(async () => {
      try {
        await this.finish();
      } finally {
        await this.file.close();
        await this.parent?.close();
      }
    });
  }

  private async finish(): Promise<void> {
    if (!this.prepared) return;
    await this.table.commit();
    await this.table.finish();
    this.prepared = false;
  }

  private async prepare(): Promise<void> {
    if (this.prepared) return;
    if (this.readOnly) throw new DiskError('the disk is open for reading only');
    await this.table.prepare();
    this.prepared = true;
  }

  private async readPiece({ block, within, length }: Piece, out: Uint8Array): Promise<void> {
    const place = this.table.find(block);
    switch (place.kind) {
      case 'zero':
        return;
      case 'parent':
        return this.readParent(block * this.table.blockBytes + within, out);
      case 'file':
        out.set(await this.file.read(place.offset + within, length));
        return;
      case 'mixed':
        return this.readMixed(block, within, place.offset, out);
    }
  }

  private async readMixed(block: number, within: number, offset: number, out: Uint8Array): Promise<void> {
    const { sectorBytes, blockBytes } = this.table;
    for (let at = 0; at < out.length; ) {
      const sector = (within + at) / sectorBytes;
      const run = await this.table.presentRun(block, sector, (out.length - at) / sectorBytes);
      const part = out.subarray(at, at + run.count * sectorBytes);
      if (run.present) part.set(await this.file.read(offset + within + at, part.length));
      else await this.readParent(block * blockBytes + within + at, part);
      at += part.length;
    }
  }

  /** A parent may be smaller than the disk that builds on it; behind its end there are zeroes. */
  private async readParent(offset: number, out: Uint8Array): Promise<void> {
    if (this.parent === null || offset >= this.parent.bytes) return;
    out.set(await this.parent.read(offset, Math.min(out.length, this.parent.bytes - offset)));
  }

  /** Data first; that it is there becomes known with the next commit, which waits for the data. */
  private async writePiece({ block, within, length }: Piece, data: Uint8Array): Promise<void> {
    const { table } = this;
    const place = table.find(block);
    const [sector, count] = [within / table.sectorBytes, length / table.sectorBytes];
    if (place.kind === 'file' || place.kind === 'mixed') {
      await this.file.write(place.offset + within, data);
      if (place.kind === 'mixed') await table.markPresent(block, sector, count);
      return;
    }
    const offset = await table.allocate(length === table.blockBytes);
    await this.file.write(offset + within, data);
    await table.place(block, offset, sector, count);
  }

  /** A range, cut where blocks end. */
  private *pieces(offset: number, length: number): Generator<Piece> {
    const { blockBytes } = this.table;
    for (let at = 0; at < length; ) {
      const block = Math.floor((offset + at) / blockBytes);
      const within = (offset + at) % blockBytes;
      const bytes = Math.min(length - at, blockBytes - within);
      yield { block, within, at, length: bytes };
      at += bytes;
    }
  }
}

interface Piece {
  block: number;
  /** Where it begins in the block. */
  within: number;
  /** Where it begins in the range. */
  at: number;
  length: number;
}
