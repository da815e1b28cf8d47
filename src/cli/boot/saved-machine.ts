import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MachineError } from '../../machine-host/machine-error.js';
import { checkSnapshot, readSnapshot, writeSnapshot } from '../../machine-host/snapshot-file.js';
import type { Child } from '../../model/host-model.js';
import type { MachineState } from '../../runtime/child/machine/machine-child.js';
import { SnapshotError } from '../../runtime/child/snapshot/plain-state.js';
import { UsageError } from '../exit.js';
import type { Machine, SavedState } from './machine.js';
import { nodePacking } from './node-packing.js';

/** A machine's paused state as a file's bytes; its disks have everything that the guest was told they have. */
export async function snapshotOf(machine: Machine, child: Child, folder: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const state = await machine.child.save();
    await machine.flushDisks();
    return await writeSnapshot(child, state, await stampsOf(child, folder), Date.now(), nodePacking);
  } catch (error) {
    if (error instanceof SnapshotError) throw new MachineError(error.message);
    throw error;
  }
}

/** The state in a file. Throws UsageError where it does not fit the child or its disks went on without it. */
export async function readSavedMachine(path: string, child: Child, folder: string): Promise<SavedState> {
  const file = readFile(path);
  const stamps = await stampsOf(child, folder);
  const explained = (error: unknown): never => {
    throw error instanceof SnapshotError ? new UsageError(`${path}: ${error.message}`) : error;
  };
  try {
    checkSnapshot(file, child, stamps);
  } catch (error) {
    return explained(error);
  }
  return () => readSnapshot(file, child, nodePacking, stamps).catch(explained);
}

/** The state of a checkpoint, which brings its disks along. Throws MachineError. */
export async function readCheckpoint(file: Uint8Array<ArrayBuffer>, child: Child): Promise<MachineState> {
  try {
    return await readSnapshot(file, child, nodePacking, null);
  } catch (error) {
    if (error instanceof SnapshotError) throw new MachineError(error.message);
    throw error;
  }
}

/** When each disk's file was written last, as exactly as the file system knows; nothing for one that is not there. */
function stampsOf(child: Child, folder: string): Promise<string[]> {
  const stamp = (file: string) =>
    stat(resolve(folder, file), { bigint: true }).then(
      ({ mtimeNs, size }) => `${mtimeNs} ${size}`,
      () => '',
    );
  return Promise.all(child.disks.map(({ file }) => stamp(file)));
}

function readFile(path: string): Uint8Array<ArrayBuffer> {
  try {
    const { buffer, byteOffset, length } = readFileSync(path);
    return new Uint8Array(buffer, byteOffset, length);
  } catch (error) {
    throw new UsageError(`${path}: the snapshot cannot be read (${(error as Error).message})`);
  }
}
