import type { ByteFile } from './byte-file.js';
import { DiskError } from './disk-error.js';
import type { DiskImage, DiskInfo } from './disk-image.js';

/** A disk whose sectors lie in the file one after the other from its beginning: raw, or a fixed VHD. */
export class FlatDisk implements DiskImage {
  readonly sectorBytes = 512;
  private written = false;

  constructor(
    private readonly file: ByteFile,
    readonly bytes: number,
    private readonly described: DiskInfo,
    private readonly readOnly: boolean,
  ) {}

  info(): DiskInfo {
    return this.described;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.file.read(offset, length);
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    if (this.readOnly) throw new DiskError('the disk is open for reading only');
    this.written = true;
    await this.file.write(offset, data);
  }

  readNow(offset: number, into: readonly Uint8Array[]): boolean {
    if (this.file.readNow === undefined) return false;
    this.file.readNow(offset, into);
    return true;
  }

  writeNow(offset: number, from: readonly Uint8Array[]): boolean {
    if (this.file.writeNow === undefined || this.readOnly) return false;
    this.written = true;
    this.file.writeNow(offset, from);
    return true;
  }

  flush(): Promise<void> {
    return this.written ? this.file.flush() : Promise.resolve();
  }

  /** The file keeps its room and its bytes, as the disk announces. */
  async trim(): Promise<void> {}

  settle(): Promise<void> {
    return this.flush();
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.file.close();
    }
  }
}
