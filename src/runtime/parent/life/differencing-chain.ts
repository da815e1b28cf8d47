import type { DiskClient } from '../../hardware/disk.js';
import { IntQueue } from '../../int-queue.js';
import type { PlacedFile } from '../disk-layout.js';
import type { DiskFile, DiskTarget } from '../storage-provider.js';
import { BLOCK_BYTES, DiskLayer, SECTOR_BYTES } from './disk-layer.js';
import type { FreeSpace } from './free-space.js';
import type { RestingDisk } from './quiescence.js';

/** Table entry and bitmap of a block that is allocated: one write before the data counts as written. */
const METADATA_BYTES = 4096;

/**
 * A virtual disk as a chain of files. Writes go to the newest; a read takes each sector from the newest file that holds it,
 * in as many operations as it finds pieces. Tables and bitmaps are taken to be in the parent's memory for reads.
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

  constructor(
    /** Where the file of the definition lies. */
    readonly base: PlacedFile,
    private readonly space: FreeSpace,
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
    if (this.top.parent === null) this.piece(operation, this.top.position(offset), bytes, write);
    else if (write) this.write(operation, offset, bytes);
    else this.read(operation, offset, bytes);
    this.diskDone(operation);
  }

  /** A piece of an operation is done, or all pieces are on their way. */
  diskDone(operation: number): void {
    const left = this.pieces[operation]! - 1;
    this.pieces[operation] = left;
    if (left > 0) return;
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
    const { top } = this;
    for (let at = offset; at < offset + bytes; at = endOfBlock(at)) {
      const part = Math.min(endOfBlock(at), offset + bytes) - at;
      if (top.allocate(at, () => this.placeBlock())) this.piece(operation, this.base.position, METADATA_BYTES, true);
      top.mark(at, part);
      this.piece(operation, top.position(at), part, true);
    }
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
    return operation;
  }
}

function endOfBlock(offset: number): number {
  return (Math.floor(offset / BLOCK_BYTES) + 1) * BLOCK_BYTES;
}

function nextSector(offset: number): number {
  return (Math.floor(offset / SECTOR_BYTES) + 1) * SECTOR_BYTES;
}
