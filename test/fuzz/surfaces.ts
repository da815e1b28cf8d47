import { fileURLToPath } from 'node:url';
import { useHostile } from '../machine-host/disk/hostile-image.js';
import { losePower } from '../machine-host/disk/power-failure.js';
import type { Surface } from './surface.js';
import { bridge } from './surfaces/bridge.js';
import { definition } from './surfaces/definition.js';
import { disk } from './surfaces/disk.js';
import { dynamicMemory } from './surfaces/dynamic-memory.js';
import { integration } from './surfaces/integration.js';
import { network } from './surfaces/network.js';
import { parentStation } from './surfaces/parent-station.js';
import { ring } from './surfaces/ring.js';
import { savedHost } from './surfaces/saved-host.js';
import { snapshotFile } from './surfaces/snapshot.js';
import { storage } from './surfaces/storage.js';
import { vmbus } from './surfaces/vmbus.js';

/** By their names on the command line. */
export const SURFACES: Readonly<Record<string, Surface>> = {
  ring,
  vmbus,
  storage,
  network,
  bridge,
  integration,
  'dynamic-memory': dynamicMemory,
  'parent-station': parentStation,
  vhd: disk(useHostile, 'vhd'),
  vhdx: disk(useHostile, 'vhdx'),
  'vhd-power': disk(losePower, 'vhd'),
  'vhdx-power': disk(losePower, 'vhdx'),
  snapshot: snapshotFile,
  'saved-host': savedHost,
  definition,
};

/** Where the inputs are kept that have found something once. */
export function seedFolder(name: string): string {
  return fileURLToPath(new URL(`./seeds/${name}/`, import.meta.url));
}
