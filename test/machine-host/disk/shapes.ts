import type { ByteFile } from '../../../src/machine-host/disk/byte-file.js';
import type { CreateOptions } from '../../../src/machine-host/disk/create-options.js';
import type { DiskFormat, DiskImage } from '../../../src/machine-host/disk/disk-image.js';
import { createDisk, openDisk } from '../../../src/machine-host/disk/open-disk.js';
import { FaultFile } from './fault-file.js';

const KB = 1024;
const MB = 1024 * KB;

/** A kind of disk that the tests are run with: as small as the format allows, so that much happens in it. */
export interface Shape {
  title: string;
  format: DiskFormat;
  options: Omit<CreateOptions, 'parent'>;
}

export const SHAPES: Shape[] = [
  { title: 'raw', format: 'raw', options: { allocation: 'fixed', bytes: 64 * KB } },
  { title: 'fixed VHD', format: 'vhd', options: { allocation: 'fixed', bytes: 64 * KB } },
  { title: 'dynamic VHD', format: 'vhd', options: { allocation: 'dynamic', bytes: 61 * KB, blockBytes: 8 * KB } },
  {
    title: 'differencing VHD',
    format: 'vhd',
    options: { allocation: 'differencing', bytes: 61 * KB, blockBytes: 8 * KB },
  },
  { title: 'fixed VHDX', format: 'vhdx', options: { allocation: 'fixed', bytes: 3 * MB, blockBytes: MB } },
  { title: 'dynamic VHDX', format: 'vhdx', options: { allocation: 'dynamic', bytes: 4 * MB + 8 * KB, blockBytes: MB } },
  {
    title: 'dynamic VHDX of 4 KB sectors',
    format: 'vhdx',
    options: { allocation: 'dynamic', bytes: 5 * MB, blockBytes: 2 * MB, sectorBytes: 4096 },
  },
  {
    title: 'differencing VHDX',
    format: 'vhdx',
    options: { allocation: 'differencing', bytes: 4 * MB + 8 * KB, blockBytes: MB },
  },
  {
    title: 'differencing VHDX of 4 KB sectors',
    format: 'vhdx',
    options: { allocation: 'differencing', bytes: 4 * MB, blockBytes: MB, sectorBytes: 4096 },
  },
];

export interface Made {
  file: FaultFile;
  /** What a guest reads from the new disk. */
  content: Uint8Array;
  open(file: ByteFile, readOnly?: boolean): Promise<DiskImage>;
}

/** A new disk of that shape; a differencing one on a parent that has something in it. */
export async function make({ format, options }: Shape): Promise<Made> {
  const file = new FaultFile();
  if (options.allocation !== 'differencing') {
    await createDisk(file, format, { ...options, parent: null });
    const open = (from: ByteFile, readOnly = false) => openDisk(from, format, { parent: null, readOnly });
    return { file: reopened(file), content: new Uint8Array(options.bytes), open };
  }
  const base = new FaultFile();
  await createDisk(base, format, { ...options, allocation: 'dynamic', parent: null });
  const content = await fill(await openDisk(base, format, { parent: null, readOnly: false }));
  const openParent = () => openDisk(reopened(base), format, { parent: null, readOnly: true });
  const { id } = (await openParent()).info();
  await createDisk(file, format, { ...options, parent: { id: id ?? '', path: 'base.vhd' } });
  const open = async (from: ByteFile, readOnly = false) =>
    openDisk(from, format, { parent: await openParent(), readOnly });
  return { file: reopened(file), content, open };
}

/** The file as a later opening finds it, with everything in it. */
export function reopened(file: FaultFile): FaultFile {
  return file.after(file.journal.length, () => true);
}

/** Writes to every other sector and closes the disk; what is in it then. */
async function fill(disk: DiskImage): Promise<Uint8Array> {
  const content = new Uint8Array(disk.bytes);
  const step = Math.max(disk.sectorBytes, disk.bytes / 64 - ((disk.bytes / 64) % disk.sectorBytes));
  for (let at = 0; at < disk.bytes; at += step * 2) {
    const sector = new Uint8Array(disk.sectorBytes).fill(0x50 + ((at / step) % 100));
    content.set(sector, at);
    await disk.write(at, sector);
  }
  await disk.close();
  return content;
}
