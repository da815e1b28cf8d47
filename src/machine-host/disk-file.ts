import { formatBytes } from '../model/format.js';
import type { DiskImage } from '../protocol/machine.js';
import { MachineError } from './machine-error.js';

/** The files that hold disk images. Paths mean what the caller wants them to mean. */
export interface DiskFiles {
  /** Bytes, or null when there is no such file. */
  size(path: string): Promise<number | null>;
  read(path: string): Promise<Uint8Array>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Replaces `to`. Need not be atomic: `to` may be missing in between. */
  rename(from: string, to: string): Promise<void>;
}

/** A disk is held in memory, and again for each save. */
const LARGEST_DISK_BYTES = 256 << 20;
const SECTOR = 512;

/** The image of a disk of `bytes`: all zeroes where there is no file. Throws MachineError where it is not usable. */
export async function readDiskFile(files: DiskFiles, path: string, bytes: number): Promise<DiskImage> {
  if (bytes > LARGEST_DISK_BYTES) {
    throw new MachineError(
      `${path}: a disk has at most ${formatBytes(LARGEST_DISK_BYTES)} in the editor, which holds it in memory, and the definition says ${formatBytes(bytes)}; make it smaller or boot with the command line`,
    );
  }
  if (bytes % SECTOR !== 0) {
    throw new MachineError(`${path}: ${bytes} bytes are no whole number of sectors of ${SECTOR} bytes`);
  }
  const size = (await files.size(path)) ?? (await recover(files, path, bytes));
  if (size === null || size === 0) return { bytes: new Uint8Array(bytes), isNew: true };
  if (size !== bytes) {
    throw new MachineError(`${path}: the file has ${size} bytes and the definition says ${bytes}; make them equal`);
  }
  return { bytes: Uint8Array.from(await files.read(path)), isNew: false };
}

/** Replaces the file by a whole new image: at every moment one of both is there, under this name or the other. */
export async function saveDiskFile(files: DiskFiles, path: string, image: Uint8Array): Promise<void> {
  await files.write(unfinished(path), image);
  await files.rename(unfinished(path), path);
}

/** A save that was interrupted between writing and renaming has left the whole image under the other name. */
async function recover(files: DiskFiles, path: string, bytes: number): Promise<number | null> {
  const size = await files.size(unfinished(path));
  if (size !== bytes) return null;
  await files.rename(unfinished(path), path);
  return size;
}

function unfinished(path: string): string {
  return `${path}.saving`;
}
