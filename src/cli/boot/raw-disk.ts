import { type FileHandle, open } from 'node:fs/promises';
import type { FileStore } from '../../machine-host/served-disks.js';
import { SECTOR } from '../../runtime/parent/vsp/storage/scsi.js';
import { UsageError } from '../exit.js';

/** A disk as a raw file: sector after sector, holes where nothing was written. */
export class RawDisk implements FileStore {
  private constructor(
    private readonly file: FileHandle,
    readonly bytes: number,
  ) {}

  /** Opens the file, or creates it with `bytes`. Throws UsageError where it cannot, or where its size is another. */
  static async open(path: string, bytes: number): Promise<RawDisk> {
    const file = await openOrCreate(path);
    const { size } = await file.stat();
    if (size === 0) await file.truncate(bytes);
    else if (size !== bytes) {
      await file.close();
      throw new UsageError(`${path}: the file has ${size} bytes and the definition says ${bytes}; make them equal`);
    }
    if (bytes % SECTOR === 0) return new RawDisk(file, bytes);
    await file.close();
    throw new UsageError(`${path}: ${bytes} bytes are no whole number of sectors of ${SECTOR} bytes`);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const data = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await this.file.read(data, at, length - at, offset + at);
      if (bytesRead === 0) throw new Error('the disk file has become shorter');
      at += bytesRead;
    }
    return data;
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length; ) {
      const { bytesWritten } = await this.file.write(data, at, data.length - at, offset + at);
      at += bytesWritten;
    }
  }

  flush(): Promise<void> {
    return this.file.datasync();
  }

  /** Node cannot punch holes, so the range keeps its room and its bytes, as the disk announces. */
  async trim(): Promise<void> {}

  close(): Promise<void> {
    return this.file.close();
  }
}

async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unusable(path, error);
  }
  try {
    return await open(path, 'wx+');
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): UsageError {
  return new UsageError(`${path}: cannot be used as a disk (${(error as Error).message})`);
}
