import type { BlockStore } from '../../../src/runtime/parent/vsp/storage/block-store.js';

/** A disk in memory that counts what it is told and fails where the test says so. */
export class MemoryStore implements BlockStore {
  readonly sectorBytes = 512;
  readonly data: Uint8Array;
  flushes = 0;
  broken = false;
  readonly trims: [number, number][] = [];

  constructor(readonly bytes: number) {
    this.data = new Uint8Array(bytes);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    this.check(offset, length);
    return this.data.slice(offset, offset + length);
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    this.check(offset, data.length);
    this.data.set(data, offset);
  }

  async flush(): Promise<void> {
    this.flushes++;
  }

  async trim(offset: number, length: number): Promise<void> {
    this.check(offset, length);
    this.trims.push([offset, length]);
  }

  protected check(offset: number, length: number): void {
    if (this.broken) throw new Error('the disk is broken');
    if (offset < 0 || offset + length > this.bytes) throw new Error('outside of the disk: the VSP has to check');
  }
}

/** One that reads and writes at once, and straight in the guest's memory. */
export class AtOnceStore extends MemoryStore {
  readNow(offset: number, into: readonly Uint8Array[]): boolean {
    this.check(offset, bytesOf(into));
    let at = offset;
    for (const piece of into) {
      piece.set(this.data.subarray(at, at + piece.length));
      at += piece.length;
    }
    return true;
  }

  writeNow(offset: number, from: readonly Uint8Array[]): boolean {
    this.check(offset, bytesOf(from));
    let at = offset;
    for (const piece of from) {
      this.data.set(piece, at);
      at += piece.length;
    }
    return true;
  }
}

function bytesOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
