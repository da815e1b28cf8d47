import type { BootCommand } from '../protocol/machine.js';
import type { BlockStore } from '../runtime/parent/vsp/storage/block-store.js';
import { MachineError } from './machine-error.js';
import { MemoryDisk } from './memory-disk.js';

/** A disk in a file that the thread opens by itself. */
export interface FileStore extends BlockStore {
  close(): Promise<void>;
}

/** Opens the file of a disk, or makes it. Rejects with what a user should read. */
export type OpenDisk = (path: string, bytes: number) => Promise<FileStore>;

/** Where a thread has no files, as in a browser: its disks come as images. */
export async function noFiles(path: string): Promise<FileStore> {
  throw new MachineError(`${path}: this thread opens no files`);
}

type SaveImage = (disk: number, image: Uint8Array<ArrayBuffer>) => Promise<void>;

/** The disks of a child on its thread: images that somebody else keeps, or files. */
export class ServedDisks {
  readonly stores: BlockStore[] = [];
  private readonly images: { file: string; image: MemoryDisk }[] = [];
  private readonly files: FileStore[] = [];

  private constructor() {}

  /** Rejects when a file cannot be opened; those before it are closed again. */
  static async open({ child, disks }: BootCommand, openDisk: OpenDisk, save: SaveImage): Promise<ServedDisks> {
    const served = new ServedDisks();
    try {
      for (const [index, source] of disks.entries()) {
        const { file, bytes } = child.disks[index]!;
        if ('path' in source) served.addFile(await openDisk(source.path, bytes));
        else served.addImage(file, new MemoryDisk(source.bytes, source.isNew, (image) => save(index, image)));
      }
      return served;
    } catch (error) {
      await served.close();
      throw error;
    }
  }

  /** Has every image kept as it is now; `lost` is told of one that cannot be. */
  async keep(lost: (file: string, error: unknown) => void): Promise<void> {
    for (const { file, image } of this.images) await image.flush().catch((error) => lost(file, error));
  }

  /** Resolves when everything written is kept. Rejects where it cannot be. */
  async flush(): Promise<void> {
    await Promise.all(this.stores.map((store) => store.flush()));
  }

  /** What each disk holds, as a checksum; nothing for a file, which others may look at. */
  stamps(): string[] {
    return this.stores.map((store) => (store instanceof MemoryDisk ? store.checksum().toString(16) : ''));
  }

  async close(): Promise<void> {
    await Promise.all(this.files.map((file) => file.close()));
  }

  private addFile(file: FileStore): void {
    this.files.push(file);
    this.stores.push(file);
  }

  private addImage(file: string, image: MemoryDisk): void {
    this.images.push({ file, image });
    this.stores.push(image);
  }
}
