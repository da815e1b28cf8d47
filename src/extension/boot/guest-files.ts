import { FileType, type Uri, workspace } from 'vscode';
import { readDisk, type StoredFiles, saveDisk } from '../../machine-host/disk/stored-disk.js';
import { MachineError } from '../../machine-host/machine-error.js';
import { linkOnTheWay, pathInside } from '../../machine-host/path-inside.js';
import { unreadableFile } from '../../machine-host/unreadable-file.js';
import type { Child } from '../../model/host-model.js';
import type { BootCommand, DiskContent } from '../../protocol/machine.js';
import { isMissing } from '../is-missing.js';

/** What a child boots and writes to, as VS Code's file system has it. */
export interface GuestFiles {
  start: BootCommand['start'];
  disks: DiskContent[];
  /** Resolves when the file of that disk is where VS Code keeps saved files. */
  save(disk: number, content: Uint8Array): Promise<void>;
}

/** Disks of children that run now: two guests on one disk would destroy what is on it. */
const disksInUse = new Map<string, string>();

/** Reads everything, the kernel unless a snapshot goes on; `release` gives the disks back to others. Throws MachineError with what is missing or refused. */
export async function openGuestFiles(
  definition: Uri,
  child: Child,
  snapshot: Uint8Array<ArrayBuffer> | null,
): Promise<{ files: GuestFiles; release: () => void }> {
  const { boots } = child;
  if (boots === undefined) throw new MachineError(`child ${child.name} boots no kernel`);
  if (definition.scheme === 'untitled') {
    throw new MachineError('Save the definition first: the paths of what a child boots start at its folder.');
  }
  const at = (file: string) => resolveInside(definition, file);
  const [kernel, initrd] = [at(boots.kernel), boots.initrd === undefined ? null : at(boots.initrd)];
  const bootFiles = async () => ({
    kernel: await readInput(await throughNoLink(definition, kernel), 'kernel'),
    initrd: initrd === null ? null : await readInput(await throughNoLink(definition, initrd), 'initrd'),
  });
  const paths = child.disks.map(({ file }) => at(file).path);
  if (paths.length > 0 && workspace.fs.isWritableFileSystem(definition.scheme) === false) {
    throw new MachineError(
      `child ${child.name} has a disk, and this file system ('${definition.scheme}') is read-only`,
    );
  }
  const uris = paths.map((path) => definition.with({ path }).toString());
  const release = () => {
    for (const uri of uris) if (disksInUse.get(uri) === child.name) disksInUse.delete(uri);
  };
  for (const [index, uri] of uris.entries()) {
    const user = disksInUse.get(uri) ?? (uris.indexOf(uri) < index ? child.name : undefined);
    if (user !== undefined) throw new MachineError(`${paths[index]}: the disk is in use by the child ${user}`);
  }
  for (const { base } of child.disks) {
    const user = base === undefined ? undefined : disksInUse.get(at(base).toString());
    if (user !== undefined)
      throw new MachineError(`${base}: the child ${user} writes to it; a base must stay as it is`);
  }
  for (const uri of uris) disksInUse.set(uri, child.name);
  try {
    const files = storedFiles(definition);
    const resolve = (folder: string, file: string) => resolveInside(definition, file, folder).path;
    const read = {
      start: snapshot === null ? await bootFiles() : { snapshot },
      disks: await Promise.all(child.disks.map((disk) => readDisk(files, resolve, folderOf(definition), disk))),
    };
    const save = (disk: number, content: Uint8Array) => saveDisk(files, paths[disk]!, content);
    return { files: { ...read, save }, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** A definition reaches the files of its workspace folder, or of its own folder where none is open, and no others. */
export function resolveInside(definition: Uri, file: string, folder = folderOf(definition)): Uri {
  const root = rootOf(definition);
  const path = pathInside(root, folder, file);
  if (path !== null) return definition.with({ path, query: '', fragment: '' });
  throw new MachineError(
    `'${file}' lies outside of ${root}: in the editor a child reads and writes files of its workspace folder only; open the folder that holds both, or boot with the command line`,
  );
}

/** A link inside of the folder could lead anywhere: VS Code does not say where. */
async function throughNoLink(definition: Uri, uri: Uri): Promise<Uri> {
  const isLink = async (path: string) => {
    try {
      return ((await workspace.fs.stat(definition.with({ path }))).type & FileType.SymbolicLink) !== 0;
    } catch {
      return false; // not there, or not readable: who uses it says so
    }
  };
  const link = await linkOnTheWay(rootOf(definition), uri.path, isLink);
  if (link === null) return uri;
  throw new MachineError(
    `${link} is a link, which may lead out of the workspace folder; in the editor a child reads and writes none`,
  );
}

function rootOf(definition: Uri): string {
  return workspace.getWorkspaceFolder(definition)?.uri.path ?? folderOf(definition);
}

function folderOf(definition: Uri): string {
  return definition.path.slice(0, definition.path.lastIndexOf('/')) || '/';
}

async function readInput(uri: Uri, what: string): Promise<Uint8Array> {
  try {
    return await workspace.fs.readFile(uri);
  } catch (error) {
    throw new MachineError(unreadableFile(uri.path, what, messageOf(error), isMissing(error)));
  }
}

function storedFiles(definition: Uri): StoredFiles {
  const at = (path: string) => throughNoLink(definition, definition.with({ path, query: '', fragment: '' }));
  return {
    size: async (path) => {
      const uri = await at(path);
      try {
        return (await workspace.fs.stat(uri)).size;
      } catch (error) {
        if (isMissing(error)) return null;
        throw new MachineError(`${path}: cannot be used as a disk (${messageOf(error)})`);
      }
    },
    read: async (path) => readInput(await at(path), 'disk'),
    write: async (path, bytes) => workspace.fs.writeFile(await at(path), bytes),
    rename: async (from, to) => workspace.fs.rename(await at(from), await at(to), { overwrite: true }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
