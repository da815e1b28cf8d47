import { readvSync, writevSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteFile } from '../../machine-host/disk/byte-file.js';
import { DiskError } from '../../machine-host/disk/disk-error.js';

/**
 * A file of this computer. Reads and writes end in the system's cache as a rule: on the thread itself they take less than
 * the way to another thread and back, for which the guest would wait. A flush takes its time, and the guest runs on.
 */
export class NodeFile implements ByteFile {
  /** After a failed flush nobody knows what is on disk, and the next one would seem to succeed. */
  private lost: Error | null = null;

  private constructor(
    private readonly handle: FileHandle,
    public size: number,
  ) {}

  /** `w+` makes a new file, or empties it. Rejects with Node's error where that cannot be. */
  static async open(path: string, mode: 'r' | 'r+' | 'w+'): Promise<NodeFile> {
    const handle = await open(path, mode);
    const stat = await handle.stat();
    if (stat.isFile()) return new NodeFile(handle, stat.size);
    await handle.close();
    throw new DiskError('it is no file');
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
    let at = offset;
    for (let left = behind(into, 0); left.length > 0; ) {
      const bytesRead = readvSync(this.handle.fd, left.slice(0, MOST_PIECES), at);
      if (bytesRead === 0) throw new DiskError('the file has become shorter');
      at += bytesRead;
      left = behind(left, bytesRead);
    }
  }

  writeNow(offset: number, from: readonly Uint8Array[]): void {
    let at = offset;
    for (let left = behind(from, 0); left.length > 0; ) {
      const written = writevSync(this.handle.fd, left.slice(0, MOST_PIECES), at);
      at += written;
      left = behind(left, written);
      this.size = Math.max(this.size, at);
    }
  }

  async truncate(bytes: number): Promise<void> {
    await this.handle.truncate(bytes);
    this.size = bytes;
  }

  barrier(): Promise<void> {
    return this.flush();
  }

  async flush(): Promise<void> {
    if (this.lost !== null) throw this.lost;
    try {
      await this.handle.datasync();
    } catch (error) {
      this.lost = error as Error;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** In one call of the system (IOV_MAX of Linux). */
const MOST_PIECES = 1024;

/** What is left of the pieces behind their first `bytes`; empty ones are left out. */
function behind(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const left: Uint8Array[] = [];
  let skip = bytes;
  for (const piece of pieces) {
    if (piece.length > skip) left.push(piece.subarray(skip));
    skip = Math.max(0, skip - piece.length);
  }
  return left;
}
