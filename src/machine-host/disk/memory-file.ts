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
    if (offset + length > this.size) throw new DiskError('the file has become shorter');
    return this.bytes.slice(offset, offset + length);
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    if (offset + data.length > this.size) await this.truncate(offset + data.length);
    this.bytes.set(data, offset);
  }

  async truncate(bytes: number): Promise<void> {
    if (bytes > this.largest) {
      throw new DiskError(`the file may have at most ${formatBytes(this.largest)}, because it is held in memory`);
    }
    if (bytes > this.bytes.length) this.grow(bytes);
    else if (bytes < this.size) this.bytes.fill(0, bytes, this.size);
    this.size = bytes;
  }

  async barrier(): Promise<void> {}

  async flush(): Promise<void> {}

  async close(): Promise<void> {}

  /** A copy of what is in it now. */
  content(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.size);
  }

  /** By half at least, so that many small growths do not copy it each time. */
  private grow(bytes: number): void {
    const grown = new Uint8Array(Math.min(this.largest, Math.max(bytes, this.bytes.length * 1.5)));
    grown.set(this.bytes.subarray(0, this.size));
    this.bytes = grown;
  }
}
