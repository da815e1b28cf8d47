import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DiskImage } from '../../machine-host/disk/disk-image.js';
import { findFiles, openVirtualDisk } from '../../machine-host/disk/virtual-disk.js';
import {
  type Machine as BuiltMachine,
  buildMachine as build,
  type MachineRequest as Request,
} from '../../machine-host/machine.js';
import { MachineError } from '../../machine-host/machine-error.js';
import type { VirtualDisk } from '../../model/host-model.js';
import { UsageError } from '../exit.js';
import { nodeDiskFiles } from './node-disk-files.js';
import { v86Wasm } from './v86-wasm.js';

export interface MachineRequest extends Omit<Request, 'wasm' | 'kernel' | 'initrd' | 'stores'> {
  /** Where the paths of the definition start. */
  folder: string;
}

export interface Machine extends BuiltMachine {
  /** Turns the machine off and closes its disks. */
  close(): Promise<void>;
}

/** Builds the machine of a child from files of this computer. Throws UsageError with what is missing or wrong. */
export async function buildMachine(request: MachineRequest): Promise<Machine> {
  const { child, folder } = request;
  const { boots } = child;
  if (boots === undefined) throw new UsageError(`child ${child.name} boots no kernel`);
  const kernel = readInput(resolve(folder, boots.kernel), 'kernel');
  const initrd = boots.initrd === undefined ? null : readInput(resolve(folder, boots.initrd), 'initrd');
  const stores: DiskImage[] = [];
  try {
    for (const disk of child.disks) stores.push(await openDisk(disk, folder));
    const machine = await build({ ...request, wasm: v86Wasm(), kernel, initrd, stores });
    const close = async () => {
      await machine.turnOff();
      await closeDisks(stores, request);
    };
    return { ...machine, close };
  } catch (error) {
    await closeDisks(stores, request);
    if (error instanceof MachineError) throw new UsageError(error.message);
    throw error;
  }
}

function readInput(path: string, what: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path}: the ${what} cannot be read (${(error as Error).message})`);
  }
}

async function openDisk(disk: VirtualDisk, folder: string): Promise<DiskImage> {
  return openVirtualDisk(disk, await findFiles(nodeDiskFiles, resolve(folder).replaceAll('\\', '/'), disk));
}

async function closeDisks(stores: readonly DiskImage[], { child, report }: MachineRequest): Promise<void> {
  for (const [index, store] of stores.entries()) {
    const disk = child.disks[index]?.file ?? '';
    await store.close().catch((error) => report({ type: 'disk failed', disk, error }));
  }
}
