import type { GrowingFormat } from '../../../model/catalog/disk-formats.js';
import type { DiskClient } from '../../hardware/disk.js';
import { IntQueue } from '../../int-queue.js';
import type { PlacedFile } from '../disk-layout.js';
import type { GrowingFile } from '../growing-file.js';
import type { DiskFile, DiskTarget } from '../storage-provider.js';
import { BLOCK_BYTES, DiskLayer, SECTOR_BYTES } from './disk-layer.js';
import type { FreeSpace } from './free-space.js';
import type { RestingDisk } from './quiescence.js';

/** One write to a table, a bitmap or a log. */
const METADATA_BYTES = 4096;

/** How the files of a chain grow. */
export interface ChainFormat {
  /** The file of the definition; null where all of it is there from the beginning. */
  base: GrowingFile | null;
  /** The files that build on it. */
  differencing: GrowingFormat;
  /** Bytes that are filled with zeroes when a block is allocated in a format that is not aligned. */
  zeroedBytes: number;
  /** What the physical disk writes at once. */
  sectorBytes: number;
}

/**
 * A virtual disk as a chain of files. Writes go to the newest; a read takes each sector from the newest file that holds it,
 * in as many operations as it finds pieces. Tables and bitmaps are taken to be in the parent's memory for reads. A write
 * that needs a new block, or covers no whole sectors of the physical disk, is prepared first, and then written.
 */
export class DifferencingChain implements DiskFile, DiskTarget, DiskClient, RestingDisk {
  readonly disk: DiskTarget = this;
  readonly position = 0;
  readonly bytes: number;
  asked = 0;
  underWay = 0;
  /** The newest file. */
  top: DiskLayer;
  private readonly idle: (() => void)[] = [];
  // Operations, by column.
  private readonly free = new IntQueue();
  private readonly clients: DiskClient[] = [];
  private readonly tags: number[] = [];
  private readonly pieces: number[] = [];
  private readonly good: boolean[] = [];
  /** What follows when everything before is done. */
  private readonly following: ((() => void) | null)[] = [];

  constructor(
    /** Where the file of the definition lies. */
    readonly base: PlacedFile,
    private readonly space: FreeSpace,
    private readonly format: ChainFormat,
  ) {
    this.bytes = base.bytes;
    this.top = new DiskLayer(null, base.position);
  }

  /** From now on writes go to a new file that builds on this one. */
  branch(from: DiskLayer = this.top): void {
    this.top = new DiskLayer(from, this.base.position);
  }

  /** Files that a read may have to look through. */
  get depth(): number {
    let depth = 0;
    for (let layer: DiskLayer | null = this.top; layer; layer = layer.parent) depth++;
    return depth;
  }

  /** Room for another block on the physical disk. */
  placeBlock(): number {
    return this.space.take(this.base.disk, BLOCK_BYTES);
  }

  submit(offset: number, bytes: number, write: boolean, client: DiskClient, tag: number): void {
    this.asked++;
    this.underWay++;
    const operation = this.create(client, tag);
    if (write) this.write(operation, offset, bytes);
    else if (this.top.parent !== null) this.read(operation, offset, bytes);
    else {
      this.format.base?.read(offset, bytes);
      this.piece(operation, this.top.position(offset), bytes, false);
    }
    this.diskDone(operation);
  }

  /** A piece of an operation is done, or all pieces are on their way. */
  diskDone(operation: number): void {
    const left = this.pieces[operation]! - 1;
    this.pieces[operation] = left;
    if (left > 0) return;
    const then = this.following[operation]!;
    this.following[operation] = null;
    if (then && this.good[operation]) {
      this.pieces[operation] = 1;
      then();
      this.diskDone(operation);
      return;
    }
    this.free.push(operation);
    this.underWay--;
    const client = this.clients[operation]!;
    const tag = this.tags[operation]!;
    if (this.good[operation]) client.diskDone(tag);
    else client.diskFailed(tag);
    if (this.underWay === 0) for (const then of this.idle.splice(0)) then();
  }

  /** A piece has failed, and with it the operation. */
  diskFailed(operation: number): void {
    this.good[operation] = false;
    this.diskDone(operation);
  }

  whenIdle(then: () => void): void {
    if (this.underWay === 0) then();
    else this.idle.push(then);
  }

  private write(operation: number, offset: number, bytes: number): void {
    const { top, format } = this;
    if (top.parent !== null) {
      this.writeLayer(operation, offset, bytes);
      return;
    }
    const position = top.position(offset);
    const data = () => this.piece(operation, position, bytes, true);
    if (format.base === null) {
      data();
      return;
    }
    const blocks = format.base.write(offset, bytes);
    this.prepare(operation, format.base.format, blocks, position, bytes);
    this.following[operation] = data;
  }

  /** Allocates blocks, and reads the sectors that are covered in part. */
  private prepare(
    operation: number,
    { aligned, metadataWrites }: GrowingFormat,
    blocks: number,
    position: number,
    bytes: number,
  ): void {
    const { base, format } = this;
    for (let block = 0; block < blocks; block++) {
      for (let n = 0; n < metadataWrites; n++) this.piece(operation, base.position, METADATA_BYTES, true);
      if (!aligned && format.zeroedBytes > 0) this.piece(operation, position, format.zeroedBytes, true);
    }
    const { sectorBytes } = format;
    if (aligned || sectorBytes <= 512) return;
    this.piece(operation, position, sectorBytes, false);
    if (bytes > sectorBytes) this.piece(operation, position + bytes - sectorBytes, sectorBytes, false);
  }

  private writeLayer(operation: number, offset: number, bytes: number): void {
    const { top } = this;
    const parts: { position: number; bytes: number }[] = [];
    for (let at = offset; at < offset + bytes; at = endOfBlock(at)) {
      const part = Math.min(endOfBlock(at), offset + bytes) - at;
      const isNew = top.allocate(at, () => this.placeBlock());
      top.mark(at, part);
      const position = top.position(at);
      this.prepare(operation, this.format.differencing, isNew ? 1 : 0, position, part);
      parts.push({ position, bytes: part });
    }
    this.following[operation] = () => {
      for (const part of parts) this.piece(operation, part.position, part.bytes, true);
    };
  }

  private read(operation: number, offset: number, bytes: number): void {
    const end = offset + bytes;
    let from = offset;
    let layer = this.holder(from);
    for (let at = nextSector(offset); at < end; at += SECTOR_BYTES) {
      const next = this.holder(at);
      if (next === layer && at % BLOCK_BYTES !== 0) continue;
      this.piece(operation, layer.position(from), at - from, false);
      from = at;
      layer = next;
    }
    this.piece(operation, layer.position(from), end - from, false);
  }

  private holder(offset: number): DiskLayer {
    let layer = this.top;
    while (!layer.holds(offset)) layer = layer.parent!;
    return layer;
  }

  private piece(operation: number, position: number, bytes: number, write: boolean): void {
    this.pieces[operation] = this.pieces[operation]! + 1;
    this.base.disk.submit(position, bytes, write, this, operation);
  }

  /** One more than its pieces, until all of them are on their way. */
  private create(client: DiskClient, tag: number): number {
    const recycled = this.free.shift();
    const operation = recycled >= 0 ? recycled : this.clients.length;
    this.clients[operation] = client;
    this.tags[operation] = tag;
    this.pieces[operation] = 1;
    this.good[operation] = true;
    this.following[operation] = null;
    return operation;
  }
}

function endOfBlock(offset: number): number {
  return (Math.floor(offset / BLOCK_BYTES) + 1) * BLOCK_BYTES;
}

function nextSector(offset: number): number {
  return (Math.floor(offset / SECTOR_BYTES) + 1) * SECTOR_BYTES;
}
