import { resolve } from 'node:path';
import {
  type Machine as BuiltMachine,
  buildMachine as build,
  type MachineRequest as Request,
} from '../../machine-host/machine.js';
import { MachineError } from '../../machine-host/machine-error.js';
import { checkDisks } from '../../machine-host/machine-limits.js';
import type { Child } from '../../model/host-model.js';
import type { MachineState } from '../../runtime/child/machine/machine-child.js';
import { UsageError } from '../exit.js';
import { readBootFiles } from './boot-files.js';
import { RawDisk } from './raw-disk.js';
import { v86Wasm } from './v86-wasm.js';

export interface MachineRequest extends Omit<Request, 'wasm' | 'start' | 'stores'> {
  /** Where the paths of the definition start. */
  folder: string;
  /** Goes on here instead of booting the kernel. */
  state: MachineState | null;
}

export interface Machine extends BuiltMachine {
  /** Resolves when everything written to the disks is in their files for good. */
  flushDisks(): Promise<void>;
  /** Turns the machine off and closes its disks. */
  close(): Promise<void>;
}

/** Builds the machine of a child from files of this computer. Throws UsageError with what is missing or wrong. */
export async function buildMachine(request: MachineRequest): Promise<Machine> {
  const { child, folder, state } = request;
  const start = state === null ? readBootFiles(child, folder) : { state };
  const stores: RawDisk[] = [];
  const closeDisks = () => Promise.all(stores.map((store) => store.close()));
  try {
    await openDisks(child, folder, stores);
    const machine = await build({ ...request, wasm: v86Wasm(), start, stores });
    const close = async () => {
      await machine.turnOff();
      await closeDisks();
    };
    const flushDisks = async () => {
      await Promise.all(stores.map((store) => store.flush()));
    };
    return { ...machine, flushDisks, close };
  } catch (error) {
    await closeDisks();
    if (error instanceof MachineError) throw new UsageError(error.message);
    throw error;
  }
}

/** Adds each disk as it is opened, so that the caller can close them when a later one fails. */
async function openDisks(child: Child, folder: string, opened: RawDisk[]): Promise<void> {
  checkDisks(child);
  for (const disk of child.disks) opened.push(await RawDisk.open(resolve(folder, disk.file), disk.bytes));
}
