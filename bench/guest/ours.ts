import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildMachine, type Machine, type SavedState } from '../../src/cli/boot/machine.js';
import { readSavedMachine, snapshotOf } from '../../src/cli/boot/saved-machine.js';
import { optimizeOnlyV86 } from '../../src/cli/boot/wasm-tiers.js';
import type { Child } from '../../src/model/host-model.js';
import { nodeClock } from '../../src/node/node-clock.js';
import { cathedral } from '../../test/model/cathedral.js';
import { type BenchMachine, DISK_MB, type GuestFiles, MEMORY_MB, ownCpuSeconds, ownResidentMB } from './machine.js';
import { MEMORY_FOLDER } from './memory-folder.js';
import { Shell } from './shell.js';

const MB = 1 << 20;

export interface OurMachine extends BenchMachine {
  /** Above 0 to 1: the share of a core that it has from now on. */
  limit(share: number): void;
}

/** A disk that lies in memory, as that of v86: both drivers have the same behind them. */
export function oursInMemory(files: GuestFiles): Promise<OurMachine> {
  return ours(files, () => {}, MEMORY_FOLDER);
}

/** A bare machine, as a legacy child has it: v86's IDE disk in front of a file in memory. It has no snapshots. */
export async function oursBare(files: GuestFiles): Promise<BenchMachine> {
  const { fromSnapshot: _, ...machine } = await ours(files, () => {}, MEMORY_FOLDER, bareChildOf(files));
  return machine;
}

/** A machine child of ours: Hyper-V's devices, the disk in a raw file. `heard` is told what it prints. */
export async function ours(
  files: GuestFiles,
  heard: (text: string) => void = () => {},
  diskFolder = tmpdir(),
  child = childOf(files),
): Promise<OurMachine> {
  await optimizeOnlyV86();
  const folder = mkdtempSync(join(diskFolder, 'hvhost-bench-'));
  const shell = new Shell((text) => machine.child.sendConsole(Buffer.from(text)));
  const hear = (text: string) => {
    heard(text);
    shell.hear(text);
  };
  let machine = await built(child, folder, hear, null);
  await machine.child.start();
  return {
    shell,
    limit: (share) => machine.share.grant(share),
    cpuSeconds: ownCpuSeconds,
    residentMB: ownResidentMB,
    async fromSnapshot() {
      const file = join(folder, 'lab.hvsnap');
      await machine.child.pause();
      const snapshot = await snapshotOf(machine, child, folder);
      await machine.close();
      writeFileSync(file, snapshot);
      const from = performance.now();
      machine = await built(child, folder, hear, await readSavedMachine(file, child, folder));
      await machine.child.resume();
      await shell.run();
      return performance.now() - from;
    },
    async close() {
      await machine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function childOf({ kernel, initrd }: GuestFiles): Child {
  return {
    ...cathedral().children[0]!,
    kind: 'machine',
    processors: { count: 1, reservePercent: 0, limitPercent: 100, weight: 100 },
    memory: { kind: 'static', startupBytes: MEMORY_MB * MB },
    disks: [
      {
        file: 'disk.img',
        bytes: DISK_MB * MB,
        format: 'raw',
        allocation: 'fixed',
        physicalDisk: 'raid0',
        controller: 'scsi',
        slot: 0,
      },
    ],
    nics: [],
    integrationServicesOff: [],
    boots: { kernel, initrd, commandLine: 'quiet' },
  };
}

function bareChildOf(files: GuestFiles): Child {
  const child = childOf(files);
  return {
    ...child,
    disks: child.disks.map((disk) => ({ ...disk, controller: 'ide' })),
    boots: { ...files, commandLine: 'quiet', bare: true },
  };
}

function built(child: Child, folder: string, hear: (text: string) => void, state: SavedState | null): Promise<Machine> {
  return buildMachine({
    child,
    folder,
    state,
    adapters: [],
    clock: nodeClock(),
    console: (bytes) => hear(Buffer.from(bytes).toString('latin1')),
    report: () => {},
    shutdownAnswered: () => {},
    guestTold: () => {},
  });
}
