import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import type { ByteFile } from '../../machine-host/disk/byte-file.js';
import { DiskError } from '../../machine-host/disk/disk-error.js';
import type { DiskFormat, DiskImage } from '../../machine-host/disk/disk-image.js';
import { createDisk, guessFormat, identify } from '../../machine-host/disk/open-disk.js';
import {
  type DiskFiles,
  findChain,
  findFiles,
  openChain,
  openVirtualDisk,
} from '../../machine-host/disk/virtual-disk.js';
import { MachineError } from '../../machine-host/machine-error.js';
import { relativePath } from '../../machine-host/relative-path.js';
import type { VirtualDisk } from '../../model/host-model.js';
import { NodeFile } from './node-file.js';

/** Opens the disk that a definition in `folder` names, or makes it. Throws MachineError with what is wrong. */
export async function openNodeDisk(disk: VirtualDisk, folder: string): Promise<DiskImage> {
  return openVirtualDisk(disk, await findFiles(nodeDiskFiles, folder, disk));
}

/** A disk of whatever format, as a file alone shows it, to be read only. Throws MachineError where it is damaged. */
export async function openNodeImage(path: string): Promise<DiskImage> {
  const slashed = path.replaceAll('\\', '/');
  const file = await nodeDiskFiles.open(slashed, 'read');
  if (file === null) throw new MachineError(`${path}: there is no such file`);
  const format = await guessFormat(file).finally(() => file.close());
  const files = await findChain(nodeDiskFiles, slashed, format);
  return openChain(files, format, true).catch((error) => {
    throw error instanceof DiskError ? new MachineError(`${path}: ${error.message}`) : error;
  });
}

/** A disk that no definition speaks of. */
export interface NewDisk {
  /** null: those of the base. */
  bytes: number | null;
  base: string | null;
  fixed: boolean;
  blockBytes: number | undefined;
  sectorBytes: 512 | 4096 | undefined;
}

/** Makes a disk in a file that is not there yet, its format by the ending. Throws MachineError. */
export async function createNodeDisk(path: string, disk: NewDisk): Promise<void> {
  if (existsSync(path)) throw new MachineError(`${path}: there is such a file already`);
  const format = formatOfPath(path);
  const base = disk.base === null ? null : resolve(disk.base).replaceAll('\\', '/');
  const files = base === null ? [] : await findChain(nodeDiskFiles, base, format);
  try {
    const parent = files[0] === undefined ? null : await identify(files[0], format);
    const file = await createDiskFile(path, (empty) =>
      createDisk(empty, format, {
        allocation: parent !== null ? 'differencing' : disk.fixed ? 'fixed' : 'dynamic',
        bytes: parent?.bytes ?? disk.bytes ?? 0,
        blockBytes: disk.blockBytes,
        sectorBytes: parent?.sectorBytes ?? disk.sectorBytes,
        parent: parent === null ? null : { id: parent.id, path: relativePath(path.replaceAll('\\', '/'), base ?? '') },
      }),
    );
    await file.close();
  } catch (error) {
    throw error instanceof DiskError ? new MachineError(`${path}: ${error.message}`) : error;
  } finally {
    for (const file of files) await file.close();
  }
}

function formatOfPath(path: string): DiskFormat {
  const ending = extname(path).toLowerCase();
  if (ending === '.vhd' || ending === '.vhdx') return ending === '.vhd' ? 'vhd' : 'vhdx';
  if (ending === '.raw' || ending === '.img') return 'raw';
  throw new MachineError(`${path}: end its name in .vhdx, .vhd, .raw or .img, which says its format`);
}

/** The disk images of this computer: a definition may name any of them. */
const nodeDiskFiles: DiskFiles = {
  async open(path, mode) {
    try {
      return await NodeFile.open(path, mode === 'read' ? 'r' : 'r+');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw unusable(path, error);
    }
  },
  create: createDiskFile,
  resolve: (folder, path) => resolve(folder, path.replaceAll('\\', '/')).replaceAll('\\', '/'),
};

/** Fills a file under another name first, so that nobody ever finds half of it. Throws MachineError where it cannot. */
async function createDiskFile(path: string, fill: (file: ByteFile) => Promise<void>): Promise<NodeFile> {
  const unfinished = `${path}.creating`;
  let file: NodeFile | null = null;
  try {
    file = await NodeFile.open(unfinished, 'w+');
    await fill(file);
    await file.flush();
    await rename(unfinished, path);
    await flushFolder(dirname(path));
    return file;
  } catch (error) {
    await file?.close();
    await rm(unfinished, { force: true }).catch(() => {});
    throw error instanceof DiskError ? error : unusable(path, error);
  }
}

/** The name of a new file must survive a power failure like its content. Not every system can do that, or need it. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

function unusable(path: string, error: unknown): MachineError {
  return new MachineError(`${path}: cannot be used as a disk (${(error as Error).message})`);
}
