import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { ByteFile } from '../../machine-host/disk/byte-file.js';
import { DiskError } from '../../machine-host/disk/disk-error.js';
import type { DiskImage } from '../../machine-host/disk/disk-image.js';
import { type DiskFiles, findFiles, openVirtualDisk } from '../../machine-host/disk/virtual-disk.js';
import { MachineError } from '../../machine-host/machine-error.js';
import type { VirtualDisk } from '../../model/host-model.js';
import { NodeFile } from './node-file.js';

/** Opens the disk that a definition in `folder` names, or makes it. Throws MachineError with what is wrong. */
export async function openNodeDisk(disk: VirtualDisk, folder: string): Promise<DiskImage> {
  return openVirtualDisk(disk, await findFiles(nodeDiskFiles, folder, disk));
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
export async function createDiskFile(path: string, fill: (file: ByteFile) => Promise<void>): Promise<NodeFile> {
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
