import { formatBytes } from '../../model/format.js';
import type { VirtualDisk } from '../../model/host-model.js';
import type { DiskContent } from '../../protocol/machine.js';
import { MachineError } from '../machine-error.js';
import type { ByteFile } from './byte-file.js';
import { LARGEST_MEMORY_DISK, MemoryFile } from './memory-file.js';
import { type DiskFiles, findFiles } from './virtual-disk.js';

/** Files that are only read and written as a whole, like those of an editor's file system. */
export interface StoredFiles {
  /** Bytes, or null when there is no such file. */
  size(path: string): Promise<number | null>;
  read(path: string): Promise<Uint8Array>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Replaces `to`. Need not be atomic: `to` may be missing in between. */
  rename(from: string, to: string): Promise<void>;
}

/** The file of a disk and those it builds on, in memory; made where there is none. Throws MachineError. */
export async function readDisk(
  stored: StoredFiles,
  resolve: DiskFiles['resolve'],
  folder: string,
  disk: VirtualDisk,
): Promise<DiskContent> {
  let isNew = false;
  const files: DiskFiles = {
    resolve,
    open: (path) => readFile(stored, path),
    create: async (path, fill) => {
      if (disk.allocation === 'fixed' && disk.bytes > LARGEST_MEMORY_DISK) throw tooLarge(path, disk.bytes);
      const file = new MemoryFile();
      await fill(file);
      isNew = true;
      return file;
    },
  };
  const [bytes, ...bases] = await Promise.all((await findFiles(files, folder, disk)).map(contentOf));
  return { bytes: bytes!, bases, isNew };
}

/**
 * Replaces the file by a whole new one: at every moment one of both is there, under this name or the other. A file that is
 * new is there empty at first, so that the other name alone always means a whole one.
 */
export async function saveDisk(stored: StoredFiles, path: string, content: Uint8Array): Promise<void> {
  if ((await stored.size(path)) === null) await stored.write(path, new Uint8Array(0));
  await stored.write(unfinished(path), content);
  await stored.rename(unfinished(path), path);
}

async function readFile(stored: StoredFiles, path: string): Promise<MemoryFile | null> {
  const size = (await stored.size(path)) ?? (await recover(stored, path));
  if (size === null) return null;
  if (size > LARGEST_MEMORY_DISK) throw tooLarge(path, size);
  return new MemoryFile(Uint8Array.from(await stored.read(path)));
}

/** A save that was interrupted while it renamed has left everything under the other name. */
async function recover(stored: StoredFiles, path: string): Promise<number | null> {
  const size = await stored.size(unfinished(path));
  if (size !== null) await stored.rename(unfinished(path), path);
  return size;
}

async function contentOf(file: ByteFile): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await file.read(0, file.size));
}

function unfinished(path: string): string {
  return `${path}.saving`;
}

function tooLarge(path: string, bytes: number): MachineError {
  return new MachineError(
    `${path}: the file of a disk has at most ${formatBytes(LARGEST_MEMORY_DISK)} in the editor, which holds it in memory, and this one has ${formatBytes(bytes)}; make it smaller, or dynamic, or boot with the command line`,
  );
}
