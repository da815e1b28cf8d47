import { resolve } from 'node:path';
import type { FreezeOutcome } from '../../protocol/machine.js';
import type { Checkpoints } from './checkpoints.js';
import { writeDurably } from './durable-file.js';

/** A running machine, wherever it is executed, as far as it can be stopped and kept. */
export interface StoppableMachine {
  /** The guest's file systems stand still until it goes on after a pause. */
  freeze(): Promise<FreezeOutcome>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** The paused machine as a file's bytes; its disks have all that the guest was told they have. Throws MachineError. */
  snapshot(): Promise<Uint8Array>;
}

/** Pauses, saves and keeps one running machine. */
export class MachineControl {
  private stands = false;

  constructor(
    private readonly machine: StoppableMachine,
    readonly checkpoints: Checkpoints,
  ) {}

  get paused(): boolean {
    return this.stands;
  }

  async pause(): Promise<void> {
    this.stands = true;
    await this.machine.pause();
  }

  async resume(): Promise<void> {
    this.stands = false;
    await this.machine.resume();
  }

  /** Keeps the machine, paused from then on, in a file. Throws MachineError. Returns the file's path and bytes. */
  async save(file: string): Promise<{ path: string; bytes: number }> {
    const path = resolve(file);
    await this.pause();
    const snapshot = await this.machine.snapshot();
    await writeDurably(path, snapshot);
    return { path, bytes: snapshot.length };
  }

  /**
   * Keeps the machine and its disks under a name; it goes on as before. Returns whether the guest held its file systems
   * still for it; null where it stood still already. Throws MachineError.
   */
  async checkpoint(name: string): Promise<FreezeOutcome | null> {
    const { stands } = this;
    const frozen = stands ? null : await this.machine.freeze();
    await this.pause();
    try {
      await this.checkpoints.create(name, await this.machine.snapshot());
    } finally {
      if (!stands) await this.resume();
    }
    return frozen;
  }
}
