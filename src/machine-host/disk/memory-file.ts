import { formatBytes } from '../../model/format.js';
import type { ByteFile } from './byte-file.js';
import { DiskError } from './disk-error.js';

/** A disk in the editor is held in memory, and again for each save. */
export const LARGEST_MEMORY_DISK = 256 << 20;

/** A file in memory, which nothing outlives. */
export class MemoryFile implements ByteFile {
  private bytes: Uint8Array<ArrayBuffer>;
  size: number;

  /** Uses `content` itself, not a copy. `largest`: bytes up to which it may grow. */
  constructor(
    content: Uint8Array<ArrayBuffer> = new Uint8Array(0),
    private readonly largest = LARGEST_MEMORY_DISK,
  ) {
    this.bytes = content;
    this.size = content.length;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const data = new Uint8Array(length);
    this.readNow(offset, [data]);
    return data;
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    this.writeNow(offset, [data]);
  }

  readNow(offset: number, into: readonly Uint8Array[]): void {
    if (offset + bytesOf(into) > this.size) throw new DiskError('the file has become shorter');
    let at = offset;
    for (const piece of into) {
      piece.set(this.bytes.subarray(at, at + piece.length));
      at += piece.length;
    }
  }

  writeNow(offset: number, from: readonly Uint8Array[]): void {
    const end = offset + bytesOf(from);
    if (end > this.size) this.setSize(end);
    let at = offset;
    for (const piece of from) {
      this.bytes.set(piece, at);
      at += piece.length;
    }
  }

  async truncate(bytes: number): Promise<void> {
    this.setSize(bytes);
  }

  async barrier(): Promise<void> {}

  async flush(): Promise<void> {}

  async close(): Promise<void> {}

  /** A copy of what is in it now. */
  content(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.size);
  }

  private setSize(bytes: number): void {
    if (bytes > this.largest) {
      throw new DiskError(`the file may have at most ${formatBytes(this.largest)}, because it is held in memory`);
    }
    if (bytes > this.bytes.length) this.grow(bytes);
    else if (bytes < this.size) this.bytes.fill(0, bytes, this.size);
    this.size = bytes;
  }

  /** By half at least, so that many small growths do not copy it each time. */
  private grow(bytes: number): void {
    const grown = new Uint8Array(Math.min(this.largest, Math.max(bytes, this.bytes.length * 1.5)));
    grown.set(this.bytes.subarray(0, this.size));
    this.bytes = grown;
  }
}

function bytesOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
