import type { VirtualDisk } from '../../model/host-model.js';
import { MachineError } from '../machine-error.js';
import { relativePath } from '../relative-path.js';
import type { ByteFile } from './byte-file.js';
import { DiskError } from './disk-error.js';
import type { DiskFormat, DiskImage } from './disk-image.js';
import { createDisk, identify, openDisk } from './open-disk.js';

/** The files that hold disk images. Paths are absolute and have slashes. */
export interface DiskFiles {
  /** null: there is no such file. */
  open(path: string, mode: 'read' | 'write'): Promise<ByteFile | null>;
  /** Makes the file with what `fill` writes to it, all of it or nothing, and opens it to write. */
  create(path: string, fill: (file: ByteFile) => Promise<void>): Promise<ByteFile>;
  /** What `path` means in a file of `folder`. Throws MachineError where nothing may be opened there. */
  resolve(folder: string, path: string): string;
}

/** More disks that build on one another are a damaged file, or a joke. */
const LONGEST_CHAIN = 32;

/**
 * The file of a disk that the definition in `folder` names, made where it is missing, and those it builds on, nearest
 * first. Throws MachineError where one cannot be had.
 */
export async function findFiles(files: DiskFiles, folder: string, disk: VirtualDisk): Promise<ByteFile[]> {
  if (disk.format === 'raw' && disk.allocation === 'differencing') {
    throw new MachineError(`'${disk.file}': a raw disk cannot be a differencing one; end its name in .vhdx`);
  }
  const path = files.resolve(folder, disk.file);
  const base = disk.base === undefined ? null : files.resolve(folder, disk.base);
  const found: ByteFile[] = [];
  try {
    const own = await files.open(path, 'write');
    if (own !== null) found.push(own);
    const isMissing = own === null || own.size === 0;
    const bases = base === null ? [] : await findChain(files, base, disk.format, [path]);
    found.push(...bases);
    if (!isMissing) return found;
    await own?.close();
    return [await made(files, path, disk, base, bases), ...bases];
  } catch (error) {
    for (const file of found) await file.close();
    throw error;
  }
}

/**
 * Opens the disk in the files that `findFiles` gave, and takes them over. Throws MachineError where one is damaged or
 * where they are not what the definition says.
 */
export async function openVirtualDisk(definition: VirtualDisk, files: readonly ByteFile[]): Promise<DiskImage> {
  const { file, format, bytes, allocation } = definition;
  try {
    const disk = await openChain(files, format, false);
    const found = disk.info();
    const fault =
      found.bytes !== bytes
        ? `the disk holds ${found.bytes} bytes and the definition says ${bytes}; make them equal`
        : format !== 'raw' && found.allocation !== allocation
          ? `the disk is ${found.allocation} and the definition says ${allocation}`
          : null;
    if (fault === null) return disk;
    await disk.close();
    throw new DiskError(fault);
  } catch (error) {
    throw inFile(file, error);
  }
}

/** Opens a disk in its own file, the first, and those it builds on, and takes them over. Throws DiskError. */
export async function openChain(files: readonly ByteFile[], format: DiskFormat, readOnly: boolean): Promise<DiskImage> {
  const [own, ...others] = files;
  if (own === undefined) throw new DiskError('there is no file');
  let parent: DiskImage | null = null;
  for (const file of others.toReversed()) parent = await openDisk(file, format, { parent, readOnly: true });
  return openDisk(own, format, { parent, readOnly });
}

/**
 * The file at `path` and those it builds on, nearest first, all to be read. `seen`: what it must not build on. Throws
 * MachineError where one is missing.
 */
export async function findChain(
  files: DiskFiles,
  path: string,
  format: DiskFormat,
  seen: readonly string[] = [],
): Promise<ByteFile[]> {
  if (seen.includes(path)) throw new MachineError(`${path}: the disk builds on itself`);
  if (seen.length > LONGEST_CHAIN) throw new MachineError(`${path}: too many disks build on one another`);
  const file = await files.open(path, 'read');
  if (file === null)
    throw new MachineError(`${path}: ${seen.length > 0 ? 'the disk that another builds on' : 'the disk'} is missing`);
  try {
    const parent = format === 'raw' ? null : (await identify(file, format)).parent;
    if (parent === null) return [file];
    const [next] = parent.paths;
    if (next === undefined) throw new DiskError('the disk does not say where its parent is');
    const folder = path.slice(0, path.lastIndexOf('/'));
    return [file, ...(await findChain(files, files.resolve(folder, next), format, [...seen, path]))];
  } catch (error) {
    await file.close();
    throw inFile(path, error);
  }
}

async function made(
  files: DiskFiles,
  path: string,
  { format, allocation, bytes }: VirtualDisk,
  base: string | null,
  bases: readonly ByteFile[],
): Promise<ByteFile> {
  try {
    const kind = allocation === 'pass-through' ? 'fixed' : allocation;
    const [nearest] = bases;
    const built = base === null || nearest === undefined ? null : await identify(nearest, format);
    if (built !== null && built.bytes !== bytes) {
      throw new DiskError(
        `the disk it builds on holds ${built.bytes} bytes and the definition says ${bytes}; make them equal`,
      );
    }
    const parent = built === null ? null : { id: built.id, path: relativePath(path, base ?? '') };
    const options = { allocation: kind, bytes, sectorBytes: built?.sectorBytes, parent };
    return await files.create(path, (empty) => createDisk(empty, format, options));
  } catch (error) {
    throw inFile(path, error);
  }
}

function inFile(path: string, error: unknown): unknown {
  return error instanceof DiskError ? new MachineError(`${path}: ${error.message}`) : error;
}
