import { crc32 } from '../crc32.js';
import type { ByteFile } from './byte-file.js';
import type { MemoryFile } from './memory-file.js';

/**
 * A file in memory whose caller keeps whole copies of it. A flush resolves when a copy with everything written before is
 * kept, so the guest is never told that something is on disk which is not.
 */
export class SavedFile implements ByteFile {
  private saving: Promise<void> = Promise.resolve();
  /** The save that waits for the one under way; all who flush meanwhile share it. */
  private next: Promise<void> | null = null;

  /** `changed`: the file differs from what is kept from the start on. */
  constructor(
    private readonly file: MemoryFile,
    private changed: boolean,
    private readonly save: (content: Uint8Array<ArrayBuffer>) => Promise<void>,
  ) {}

  get size(): number {
    return this.file.size;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.file.read(offset, length);
  }

  write(offset: number, data: Uint8Array): Promise<void> {
    this.changed = true;
    return this.file.write(offset, data);
  }

  readNow(offset: number, into: readonly Uint8Array[]): void {
    this.file.readNow(offset, into);
  }

  writeNow(offset: number, from: readonly Uint8Array[]): void {
    this.changed = true;
    this.file.writeNow(offset, from);
  }

  truncate(bytes: number): Promise<void> {
    this.changed = true;
    return this.file.truncate(bytes);
  }

  /** Nothing to do: what is kept is always a whole copy. */
  async barrier(): Promise<void> {}

  /** Rejects when the copy could not be kept; the next flush tries again. */
  flush(): Promise<void> {
    if (!this.changed) return this.saving;
    this.next ??= this.saving.catch(() => {}).then(() => this.saveNow());
    return this.next;
  }

  /** What was written since the last flush is not kept. */
  async close(): Promise<void> {}

  /** Of all that is in it. */
  checksum(): number {
    return crc32(this.file.content());
  }

  private saveNow(): Promise<void> {
    this.next = null;
    this.changed = false;
    this.saving = this.save(this.file.content()).catch((error) => {
      this.changed = true;
      throw error;
    });
    return this.saving;
  }
}
