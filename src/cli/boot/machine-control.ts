import { resolve } from 'node:path';
import type { Child } from '../../model/host-model.js';
import type { Checkpoints } from './checkpoints.js';
import { writeDurably } from './durable-file.js';
import type { Machine } from './machine.js';
import { snapshotOf } from './saved-machine.js';

/** Pauses, saves and keeps one running machine. */
export class MachineControl {
  private stands = false;

  constructor(
    private readonly machine: Machine,
    private readonly child: Child,
    private readonly folder: string,
    readonly checkpoints: Checkpoints,
  ) {}

  get paused(): boolean {
    return this.stands;
  }

  async pause(): Promise<void> {
    this.stands = true;
    await this.machine.child.pause();
  }

  async resume(): Promise<void> {
    this.stands = false;
    await this.machine.child.resume();
  }

  /** Keeps the machine, paused from then on, in a file. Throws MachineError. Returns the file's path and bytes. */
  async save(file: string): Promise<{ path: string; bytes: number }> {
    const path = resolve(file);
    await this.pause();
    const snapshot = await snapshotOf(this.machine, this.child, this.folder);
    await writeDurably(path, snapshot);
    return { path, bytes: snapshot.length };
  }

  /** Keeps the machine and its disks under a name; it goes on as before. Throws MachineError. */
  async checkpoint(name: string): Promise<void> {
    const { stands } = this;
    await this.pause();
    try {
      await this.checkpoints.create(name, await snapshotOf(this.machine, this.child, this.folder));
    } finally {
      if (!stands) await this.resume();
    }
  }
}
