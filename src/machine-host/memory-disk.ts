import type { BlockStore } from '../runtime/parent/vsp/storage/block-store.js';
import { crc32 } from './crc32.js';

/**
 * A disk in memory whose caller keeps whole images of it. A flush resolves when an image with everything written before
 * is kept, so the guest is never told that something is on disk which is not.
 */
export class MemoryDisk implements BlockStore {
  readonly bytes: number;
  private saving: Promise<void> = Promise.resolve();
  /** The save that waits for the one under way; all who flush meanwhile share it. */
  private next: Promise<void> | null = null;

  /** `save` gets a copy. `changed`: the image differs from what is kept from the start on. */
  constructor(
    private readonly image: Uint8Array<ArrayBuffer>,
    private changed: boolean,
    private readonly save: (image: Uint8Array<ArrayBuffer>) => Promise<void>,
  ) {
    this.bytes = image.length;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return this.image.slice(offset, offset + length);
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    this.image.set(data, offset);
    this.changed = true;
  }

  /** Rejects when the image could not be kept; the next flush tries again. */
  flush(): Promise<void> {
    if (!this.changed) return this.saving;
    this.next ??= this.saving.catch(() => {}).then(() => this.saveNow());
    return this.next;
  }

  async trim(offset: number, length: number): Promise<void> {
    this.image.fill(0, offset, offset + length);
    this.changed = true;
  }

  /** Of all that is on it. */
  checksum(): number {
    return crc32(this.image);
  }

  private saveNow(): Promise<void> {
    this.next = null;
    this.changed = false;
    this.saving = this.save(this.image.slice()).catch((error) => {
      this.changed = true;
      throw error;
    });
    return this.saving;
  }
}
