import { readSync, writeSync } from 'node:fs';
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
    // Not cleared: all of it is read, or it throws.
    const data = Buffer.allocUnsafeSlow(length);
    for (let at = 0; at < length; ) {
      const bytesRead = readSync(this.handle.fd, data, at, length - at, offset + at);
      if (bytesRead === 0) throw new DiskError('the file has become shorter');
      at += bytesRead;
    }
    return data;
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length; ) {
      at += writeSync(this.handle.fd, data, at, data.length - at, offset + at);
    }
    this.size = Math.max(this.size, offset + data.length);
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
