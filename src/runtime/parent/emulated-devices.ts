import { EmulatedDriver } from '../child/emulated-driver.js';
import { EmulatedReceiver } from '../child/emulated-receiver.js';
import { SECTOR_BYTES } from '../child/storage-protocol.js';
import { framesOf, framingOf } from '../hardware/framing.js';
import { NO_SECTION } from '../vmbus/network-protocol.js';
import { type DeviceEmulator, InPlaceEmulator } from './device-emulator.js';
import type { DeviceSite } from './device-site.js';
import type { VirtualAdapter } from './network/virtual-adapter.js';
import type { DiskFile } from './storage-provider.js';
import { randomSectors, sequentialSectors } from './synthetic-devices.js';
import { WorkerProcess } from './worker-process.js';

/** Largest transfer of one command; larger ones are cut by the driver. */
const DISK_BYTES = 131_072;
const FRAMES_BYTES = 65_536;

export function createEmulator({ parts, child, firstVp, backEnd }: DeviceSite): DeviceEmulator {
  const { costs, lps, architecture } = parts;
  const { emulation, kick } = architecture.devices;
  const access = costs.get(emulation.access);
  const completion = costs.get('emulated-completion');
  const { count } = child.processors;
  if (emulation.where === 'in place')
    return new InPlaceEmulator(backEnd, { access, completion }, firstVp, count, child.name);
  const intercept = { message: costs.get('intercept-message'), access, resume: costs.get(kick), completion };
  return new WorkerProcess(lps, backEnd, intercept, firstVp, count, child.name);
}

/** A PIIX4 IDE disk with a file behind it. `stream` names the random numbers that choose its sectors. */
export function emulatedDisk(
  { parts, child, guest }: DeviceSite,
  emulator: DeviceEmulator,
  file: DiskFile,
  stream: string,
): EmulatedDriver {
  const { costs } = parts;
  const pattern = child.workload?.sequential ? sequentialSectors : randomSectors;
  const sectorFor = pattern(parts.seed, `${stream} ${child.name}`, file.bytes);
  const waiting: ((good: boolean) => void)[] = [];
  const client = { diskDone: () => waiting.shift()!(true), diskFailed: () => waiting.shift()!(false) };
  return new EmulatedDriver(
    guest,
    emulator,
    0,
    costs.get('legacy-driver'),
    DISK_BYTES,
    () => Math.max(1, costs.get('ide-accesses-command').amount),
    Math.max(1, costs.get('ide-accesses-interrupt').amount),
    (transfer, done) => {
      waiting.push(done);
      const offset = sectorFor(transfer.bytes) * SECTOR_BYTES;
      file.disk.submit(file.position + offset, transfer.bytes, transfer.write, client, 0);
    },
  );
}

/** A 21140 network adapter; `vp` is the guest's that its interrupt line reaches. */
export function emulatedAdapter(
  { parts, guest }: DeviceSite,
  adapter: VirtualAdapter,
  emulator: DeviceEmulator,
  vp: number,
): EmulatedDriver {
  const { costs } = parts;
  const waiting: ((good: boolean) => void)[] = [];
  const client = { sent: () => waiting.shift()!(true), sendFailed: () => waiting.shift()!(false) };
  const framing = framingOf(costs);
  return new EmulatedDriver(
    guest,
    emulator,
    vp,
    costs.get('legacy-driver'),
    FRAMES_BYTES,
    (transfer) => Math.max(1, framesOf(framing, transfer.bytes) * costs.get('tulip-accesses-frame').amount),
    Math.max(1, costs.get('tulip-accesses-interrupt').amount),
    (transfer, done) => {
      waiting.push(done);
      adapter.send(transfer.bytes, transfer.section ?? NO_SECTION, client, 0);
    },
  );
}

/** The same adapter where it receives: frames go into the guest's memory, then its interrupt line is raised. */
export function emulatedReceiver(
  { parts, guest }: DeviceSite,
  adapter: VirtualAdapter,
  emulator: DeviceEmulator,
  vp: number,
): EmulatedReceiver {
  const { costs } = parts;
  return new EmulatedReceiver(
    guest,
    emulator,
    adapter,
    vp,
    costs.get('legacy-driver'),
    Math.max(1, costs.get('tulip-accesses-interrupt').amount),
  );
}
