import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  CHECKPOINT_FILES,
  checkpointFolder,
  UNFINISHED,
  whyNoCheckpointName,
} from '../../machine-host/checkpoint-name.js';
import { MachineError } from '../../machine-host/machine-error.js';
import { readSnapshotHeader } from '../../machine-host/snapshot-file.js';
import type { Child } from '../../model/host-model.js';
import { renameDurably, writeDurably } from './durable-file.js';
import { copySparse } from './sparse-copy.js';

export interface Checkpoint {
  name: string;
  savedAtMs: number;
}

/**
 * The checkpoints of one child: a folder each, with a snapshot and a copy of every disk. A folder gets its name when all
 * of it is on the disk, and a disk is replaced by a whole one, so that a power failure leaves no half of anything.
 */
export class Checkpoints {
  private readonly root: string;
  private readonly disks: string[];

  /** `definition`: the path of its file. */
  constructor(definition: string, host: string, child: Child) {
    const folder = dirname(definition);
    const keeper = { definition: basename(definition), host, child: child.name };
    this.root = resolve(folder, ...checkpointFolder(keeper));
    this.disks = child.disks.map(({ file }) => resolve(folder, file));
  }

  /** Oldest first; what cannot be read is left out. */
  async list(): Promise<Checkpoint[]> {
    if (!existsSync(this.root)) return [];
    const found: Checkpoint[] = [];
    for (const name of await readdir(this.root)) {
      if (whyNoCheckpointName(name) !== null || name.endsWith(UNFINISHED)) continue;
      const header = await this.snapshot(name)
        .then(readSnapshotHeader)
        .catch(() => null);
      if (header !== null) found.push({ name, savedAtMs: header.savedAtMs });
    }
    return found.sort((a, b) => a.savedAtMs - b.savedAtMs);
  }

  /** Keeps the snapshot and the disks as they are now; nothing may write to them meanwhile. Throws MachineError. */
  async create(name: string, snapshot: Uint8Array): Promise<void> {
    const folder = this.folderOf(name);
    if (existsSync(folder)) throw new MachineError(`there is a checkpoint '${name}' already; delete it first`);
    const unfinished = `${folder}${UNFINISHED}`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    for (const [index, disk] of this.disks.entries()) {
      await copySparse(disk, join(unfinished, CHECKPOINT_FILES.disk(index)));
    }
    await writeDurably(join(unfinished, CHECKPOINT_FILES.snapshot), snapshot);
    await renameDurably(unfinished, folder);
  }

  /** Puts every disk back as it was then; the machine is off meanwhile. Again after a power failure. Throws MachineError. */
  async restoreDisks(name: string): Promise<void> {
    const folder = this.existing(name);
    for (const [index, disk] of this.disks.entries()) {
      const unfinished = `${disk}.reverting`;
      await copySparse(join(folder, CHECKPOINT_FILES.disk(index)), unfinished);
      await renameDurably(unfinished, disk);
    }
  }

  /** The bytes of its snapshot. Throws MachineError. */
  async snapshot(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const file = join(this.existing(name), CHECKPOINT_FILES.snapshot);
    return Uint8Array.from(await readFile(file));
  }

  /** Throws MachineError. */
  async delete(name: string): Promise<void> {
    const folder = this.existing(name);
    const unfinished = `${folder}${UNFINISHED}`; // half of a checkpoint must not look like one
    await rm(unfinished, { recursive: true, force: true });
    await renameDurably(folder, unfinished);
    await rm(unfinished, { recursive: true, force: true });
  }

  private existing(name: string): string {
    const folder = this.folderOf(name);
    if (!existsSync(join(folder, CHECKPOINT_FILES.snapshot)))
      throw new MachineError(`there is no checkpoint '${name}'`);
    return folder;
  }

  private folderOf(name: string): string {
    const wrong = whyNoCheckpointName(name);
    if (wrong !== null) throw new MachineError(wrong);
    return join(this.root, name);
  }
}
