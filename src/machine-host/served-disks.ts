import type { VirtualDisk } from '../model/host-model.js';
import type { BootCommand } from '../protocol/machine.js';
import type { DiskImage } from './disk/disk-image.js';
import { MemoryFile } from './disk/memory-file.js';
import { SavedFile } from './disk/saved-file.js';
import { openVirtualDisk } from './disk/virtual-disk.js';
import { MachineError } from './machine-error.js';

/** Opens a disk that a definition in `folder` names, or makes it. Rejects with what a user should read. */
export type OpenDisk = (disk: VirtualDisk, folder: string) => Promise<DiskImage>;

/** Where a thread has no files, as in a browser: the content of its disks is sent to it. */
export async function noFiles({ file }: VirtualDisk): Promise<DiskImage> {
  throw new MachineError(`${file}: this thread opens no files`);
}

type Save = (disk: number, content: Uint8Array<ArrayBuffer>) => Promise<void>;

/** The disks of a child on its thread: in memory, for somebody else to keep, or in files. */
export class ServedDisks {
  private readonly open: { file: string; disk: DiskImage; saved: SavedFile | null }[] = [];

  private constructor() {}

  /** Rejects when a disk cannot be opened; those before it are closed again. */
  static async open({ child, disks }: BootCommand, openDisk: OpenDisk, save: Save): Promise<ServedDisks> {
    const served = new ServedDisks();
    try {
      for (const [index, source] of disks.entries()) {
        const definition = child.disks[index]!;
        const { file } = definition;
        if ('folder' in source) {
          served.open.push({ file, disk: await openDisk(definition, source.folder), saved: null });
          continue;
        }
        const memory = new MemoryFile(source.bytes);
        const saved = new SavedFile(memory, source.isNew, (content) => save(index, content));
        const files = [saved, ...source.bases.map((bytes) => new MemoryFile(bytes))];
        served.open.push({ file, disk: await openVirtualDisk(definition, files), saved });
      }
      return served;
    } catch (error) {
      await served.close();
      throw error;
    }
  }

  get stores(): DiskImage[] {
    return this.open.map(({ disk }) => disk);
  }

  /** Closes every disk with what is in it now; `lost` is told of one that cannot be kept so. */
  async keep(lost: (file: string, error: unknown) => void): Promise<void> {
    for (const { file, disk, saved } of this.open.splice(0)) {
      try {
        await disk.close();
        await saved?.flush();
      } catch (error) {
        lost(file, error);
      }
    }
  }

  /** Resolves when everything written is kept, in files that are closed until the next write. Rejects where it cannot be. */
  async settle(): Promise<void> {
    for (const { disk, saved } of this.open) {
      await disk.settle();
      await saved?.flush();
    }
  }

  /** What each file holds, as a checksum; nothing for one that others may look at. */
  stamps(): string[] {
    return this.open.map(({ saved }) => saved?.checksum().toString(16) ?? '');
  }

  /** Closes those that are still open, for a machine that has never run. */
  async close(): Promise<void> {
    for (const { disk } of this.open.splice(0)) await disk.close();
  }
}
