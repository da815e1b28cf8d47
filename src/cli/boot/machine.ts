import type { DiskImage } from '../../machine-host/disk/disk-image.js';
import {
  type Machine as BuiltMachine,
  buildMachine as build,
  type MachineRequest as Request,
} from '../../machine-host/machine.js';
import { MachineError } from '../../machine-host/machine-error.js';
import type { MachineState } from '../../runtime/child/machine/machine-child.js';
import { UsageError } from '../exit.js';
import { readBootFiles } from './boot-files.js';
import { openNodeDisk } from './node-disk-files.js';
import { v86Wasm } from './v86-wasm.js';

/** Unpacks a machine that was saved. Rejects with UsageError or MachineError where it is damaged. */
export type SavedState = () => Promise<MachineState>;

export interface MachineRequest extends Omit<Request, 'wasm' | 'start' | 'stores'> {
  /** Where the paths of the definition start. */
  folder: string;
  /** Goes on here instead of booting the kernel. */
  state: SavedState | null;
}

export interface Machine extends BuiltMachine {
  /** Resolves when everything written to the disks is in their files for good, and closing them changes nothing more. */
  flushDisks(): Promise<void>;
  /** Turns the machine off and closes its disks. */
  close(): Promise<void>;
}

/** Builds the machine of a child from files of this computer. Throws UsageError with what is missing or wrong. */
export async function buildMachine(request: MachineRequest): Promise<Machine> {
  const { child, folder, state } = request;
  const start = state === null ? readBootFiles(child, folder) : { state };
  const stores: DiskImage[] = [];
  try {
    for (const disk of child.disks) stores.push(await openNodeDisk(disk, folder));
    const machine = await build({ ...request, wasm: v86Wasm(), start, stores });
    const close = async () => {
      await machine.turnOff();
      await closeDisks(stores, request);
    };
    const flushDisks = async () => {
      await Promise.all(stores.map((store) => store.settle()));
    };
    return { ...machine, flushDisks, close };
  } catch (error) {
    await closeDisks(stores, request);
    if (error instanceof MachineError) throw new UsageError(error.message);
    throw error;
  }
}

async function closeDisks(stores: readonly DiskImage[], { child, report }: MachineRequest): Promise<void> {
  for (const [index, store] of stores.entries()) {
    const disk = child.disks[index]?.file ?? '';
    await store.close().catch((error) => report({ type: 'disk failed', disk, error }));
  }
}
