import type { ByteFile } from './byte-file.js';
import type { CreateOptions } from './create-options.js';
import { DiskError } from './disk-error.js';
import type { DiskFormat, DiskIdentity, DiskImage } from './disk-image.js';
import { hasText } from './fields.js';
import { FlatDisk } from './flat-disk.js';
import type { OpenOptions } from './open-options.js';
import { createVhd } from './vhd/create-vhd.js';
import { identifyVhd, openVhd } from './vhd/open-vhd.js';
import { createVhdx } from './vhdx/create-vhdx.js';
import { SIGNATURE } from './vhdx/layout.js';
import { identifyVhdx, openVhdx } from './vhdx/open-vhdx.js';

const SECTOR = 512;

/**
 * Opens the disk in a file, whose format the caller knows: a guest can write anything into a raw disk, even what another
 * format begins with. Takes over the file and the parent: closing the disk closes them, and so does a failure to open.
 * Throws DiskError where the file is damaged or of another format, or the parent is not the right one.
 */
export async function openDisk(file: ByteFile, format: DiskFormat, options: OpenOptions): Promise<DiskImage> {
  try {
    return await opened(file, format, options);
  } catch (error) {
    await file.close();
    await options.parent?.close();
    throw error;
  }
}

/** What others need to know to build on the disk in a file. Throws DiskError as `openDisk` does. */
export async function identify(file: ByteFile, format: DiskFormat): Promise<DiskIdentity> {
  if (format === 'raw') throw new DiskError('nothing can build on a raw disk');
  return format === 'vhd' ? identifyVhd(file) : identifyVhdx(file);
}

/** Makes a disk in an empty file, which holds all of it when this resolves. Throws DiskError where it cannot be. */
export async function createDisk(file: ByteFile, format: DiskFormat, options: CreateOptions): Promise<void> {
  const { bytes, sectorBytes = SECTOR } = options;
  if (bytes <= 0 || bytes % sectorBytes !== 0) {
    throw new DiskError(`${bytes} bytes are no whole number of sectors of ${sectorBytes} bytes`);
  }
  if ((options.allocation === 'differencing') !== (options.parent !== null)) {
    throw new DiskError('a differencing disk, and no other, has a parent');
  }
  if (format === 'vhd') return createVhd(file, options);
  if (format === 'vhdx') return createVhdx(file, options);
  if (options.parent !== null) throw new DiskError('a raw disk cannot be a differencing one; use VHDX');
  await file.truncate(bytes);
  await file.flush();
}

/** What the file looks like, for who has nothing but the file. Never decide by it how to open a guest's disk. */
export async function guessFormat(file: ByteFile): Promise<DiskFormat> {
  if (file.size >= SIGNATURE.length && hasText(await file.read(0, SIGNATURE.length), 0, SIGNATURE)) return 'vhdx';
  const isVhd = await identifyVhd(file).then(
    () => true,
    () => false,
  );
  return isVhd ? 'vhd' : 'raw';
}

async function opened(file: ByteFile, format: DiskFormat, options: OpenOptions): Promise<DiskImage> {
  if (format === 'vhd') return openVhd(file, options);
  if (format === 'vhdx') return openVhdx(file, options);
  const bytes = file.size;
  if (bytes === 0 || bytes % SECTOR !== 0) {
    throw new DiskError(`${bytes} bytes are no whole number of sectors of ${SECTOR} bytes`);
  }
  const info = { format, allocation: 'fixed', bytes, sectorBytes: 512, fileBytes: bytes, blockBytes: null } as const;
  return new FlatDisk(file, bytes, { ...info, blocks: null, id: null, parent: null, unfinished: [] }, options.readOnly);
}
