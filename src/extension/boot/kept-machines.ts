import { FileType, Uri, workspace } from 'vscode';
import {
  CHECKPOINT_FILES,
  checkpointFolder,
  savedFile,
  UNFINISHED,
  whyNoCheckpointName,
} from '../../machine-host/checkpoint-name.js';
import { MachineError } from '../../machine-host/machine-error.js';
import { readSnapshotHeader } from '../../machine-host/snapshot-file.js';
import type { Child } from '../../model/host-model.js';
import { isMissing } from '../is-missing.js';
import { fileName } from '../pick-host.js';
import { resolveInside } from './guest-files.js';

export interface KeptCheckpoint {
  name: string;
  savedAtMs: number;
}

/** The saved state and the checkpoints of one child, in VS Code's file system. */
export class KeptMachines {
  private readonly root: Uri;
  private readonly saved: Uri;

  constructor(
    private readonly definition: Uri,
    host: string,
    private readonly child: Child,
  ) {
    const folder = Uri.joinPath(definition.with({ query: '', fragment: '' }), '..');
    const keeper = { definition: fileName(definition), host, child: child.name };
    this.root = Uri.joinPath(folder, ...checkpointFolder(keeper));
    this.saved = Uri.joinPath(folder, ...savedFile(keeper));
  }

  /** Replaces what was saved before. */
  async save(snapshot: Uint8Array): Promise<void> {
    const unfinished = this.saved.with({ path: `${this.saved.path}.saving` });
    await workspace.fs.writeFile(unfinished, snapshot);
    await workspace.fs.rename(unfinished, this.saved, { overwrite: true });
  }

  /** Throws MachineError where nothing is saved, and VS Code's error where it cannot be read. */
  async readSaved(): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return Uint8Array.from(await workspace.fs.readFile(this.saved));
    } catch (error) {
      throw isMissing(error) ? new MachineError(`child ${this.child.name} has no saved state`) : error;
    }
  }

  /** Newest first; a checkpoint that cannot be read is left out. */
  async checkpoints(): Promise<KeptCheckpoint[]> {
    const entries = await workspace.fs.readDirectory(this.root).then(
      (found) => found,
      (error) => {
        if (isMissing(error)) return []; // there is none yet
        throw error;
      },
    );
    const found: KeptCheckpoint[] = [];
    for (const [name, type] of entries) {
      if (type !== FileType.Directory || name.endsWith(UNFINISHED) || whyNoCheckpointName(name) !== null) continue;
      const header = await this.readCheckpoint(name)
        .then(readSnapshotHeader)
        .catch(() => null);
      if (header !== null) found.push({ name, savedAtMs: header.savedAtMs });
    }
    return found.sort((a, b) => b.savedAtMs - a.savedAtMs);
  }

  /** Keeps the snapshot and the disks, which nobody writes meanwhile; it has its name when all of it is there. */
  async createCheckpoint(name: string, snapshot: Uint8Array): Promise<void> {
    const target = Uri.joinPath(this.root, name);
    const unfinished = Uri.joinPath(this.root, `${name}${UNFINISHED}`);
    await remove(unfinished);
    await workspace.fs.createDirectory(unfinished);
    for (const [index, disk] of this.disks().entries()) {
      await workspace.fs.copy(disk, Uri.joinPath(unfinished, CHECKPOINT_FILES.disk(index)));
    }
    await workspace.fs.writeFile(Uri.joinPath(unfinished, CHECKPOINT_FILES.snapshot), snapshot);
    await workspace.fs.rename(unfinished, target);
  }

  async readCheckpoint(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return Uint8Array.from(await workspace.fs.readFile(Uri.joinPath(this.root, name, CHECKPOINT_FILES.snapshot)));
  }

  /** Puts every disk back as it was; the child is off meanwhile. */
  async restoreDisks(name: string): Promise<void> {
    for (const [index, disk] of this.disks().entries()) {
      const unfinished = disk.with({ path: `${disk.path}.reverting` });
      await workspace.fs.copy(Uri.joinPath(this.root, name, CHECKPOINT_FILES.disk(index)), unfinished, {
        overwrite: true,
      });
      await workspace.fs.rename(unfinished, disk, { overwrite: true });
    }
  }

  async deleteCheckpoint(name: string): Promise<void> {
    await workspace.fs.delete(Uri.joinPath(this.root, name), { recursive: true });
  }

  private disks(): Uri[] {
    return this.child.disks.map(({ file }) => resolveInside(this.definition, file));
  }
}

async function remove(uri: Uri): Promise<void> {
  await workspace.fs.delete(uri, { recursive: true }).then(
    () => {},
    () => {}, // it was not there
  );
}
