import type { Child, VirtualNic } from '../../model/host-model.js';
import { EmulatedDriver } from '../child/emulated-driver.js';
import { type GuestDevice, SYSTEM_REQUEST, type Transfer } from '../child/guest-device.js';
import type { ModelledGuest } from '../child/modelled-guest.js';
import type { GuestDevices } from '../child/request-stages.js';
import { NETWORK_PACKET, ServiceClient, STORAGE_PACKET } from '../child/service-client.js';
import type { NetworkAdapter } from '../hardware/network-adapter.js';
import { PAGE_BYTES } from '../hardware/system-memory.js';
import type { HostParts } from '../host-parts.js';
import type { AddressSpace } from '../hypervisor/address-space.js';
import { RandomStream } from '../random.js';
import { Channel, type ChannelDevice, type Traffic } from '../vmbus/channel.js';
import { encodeSend } from '../vmbus/network-protocol.js';
import { encodeStorageCommand, SECTOR_BYTES, SRB_SUCCESS } from '../vmbus/storage-protocol.js';
import { type BackEnd, HypervisorBackEnd } from './back-end.js';
import { type DeviceEmulator, InPlaceEmulator } from './device-emulator.js';
import { NetworkProvider } from './network-provider.js';
import type { ProviderCosts } from './service-provider.js';
import { type DiskFile, StorageProvider } from './storage-provider.js';
import { plugIn } from './virtual-switch.js';
import { WorkerProcess } from './worker-process.js';

/** Largest transfer of one command; larger ones are cut by the driver. */
const STORAGE_TRANSFER_BYTES = 524_288;
const NETWORK_TRANSFER_BYTES = 65_536;
const EMULATED_TRANSFER_BYTES = 131_072;
/** The disks behind the storage channel: the one that is worked on, and the one the guest boots from. */
const WORK_LUN = 0;
const BOOT_LUN = 1;

/** Everything that connects one running child to its devices. */
export interface ChildDevices {
  channels: Channel[];
  emulator: DeviceEmulator;
  drivers: GuestDevices;
  /** What the guest reads with while it boots: before its drivers are loaded, and after. Null without a disk. */
  boot: { loader: GuestDevice; system: GuestDevice } | null;
}

interface Site {
  parts: HostParts;
  child: Child;
  firstVp: number;
  space: AddressSpace;
  files: readonly DiskFile[];
  guest: ModelledGuest;
  traffic: Record<ChannelDevice, Traffic>;
}

/** Builds the devices of a child and the drivers its guest loads; work goes to its last disk and its first adapter. */
export function connectDevices(site: Site): ChildDevices {
  const { parts, child } = site;
  const backEnd =
    parts.architecture.devices.backEnd === 'parent'
      ? parts.root
      : new HypervisorBackEnd(site.guest, child.processors.count);
  const emulator = createEmulator(site, backEnd);
  const channels: Channel[] = [];
  const disk = child.disks.at(-1) ? storageDriver(site, backEnd, emulator, channels) : null;
  const nic = child.nics[0] ? networkDriver(site, child.nics[0], backEnd, emulator, channels) : null;
  // Before its drivers are loaded, a generation 1 machine reads its boot disk as the firmware does: from emulated IDE.
  const bootFile = site.files[0];
  const emulatesBoot = disk !== null && bootFile && child.generation === 1 && child.kind !== 'legacy';
  const loader = emulatesBoot ? emulatedDisk(site, emulator, bootFile, 'boot loader') : disk;
  for (const device of new Set([disk, nic, loader])) if (device) site.guest.attach(device);
  const boot = disk && loader && { loader, system: disk };
  return { channels, emulator, drivers: { read: () => disk, write: () => disk, send: () => nic }, boot };
}

function createEmulator({ parts, child, firstVp }: Site, backEnd: BackEnd): DeviceEmulator {
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

/** What a back end for a kind of device costs on this architecture. */
function providerCosts({ costs, architecture }: HostParts, device: 'storage' | 'network'): ProviderCosts {
  const { answer, perRequest, copies } = architecture.devices;
  return {
    request: costs.get(device === 'storage' ? 'vsp-storage-request' : 'vsp-network-send'),
    completion: costs.get(device === 'storage' ? 'vsp-storage-completion' : 'vsp-network-completion'),
    signal: answer === null ? null : costs.get(answer),
    perRequest: perRequest.map((id) => costs.get(id)),
    copy: copies.includes(device) ? costs.get('copy') : null,
    batch: Math.max(1, costs.get('vsp-batch').amount),
  };
}

function storageDriver(
  site: Site,
  backEnd: BackEnd,
  emulator: DeviceEmulator,
  channels: Channel[],
): GuestDevice | null {
  const { parts, child, files, guest } = site;
  const file = files.at(-1);
  if (!file) return null;
  if (child.kind === 'legacy') return emulatedDisk(site, emulator, file, 'disk blocks');
  const { costs } = parts;
  const workSectors = sectorsOf(parts, file, `disk blocks ${child.name}`);
  const bootSectors = sectorsOf(parts, files[0]!, `boot blocks ${child.name}`);
  const channel = new Channel(child.name, 'storage', costs.get('ring-storage').amount, site.traffic.storage);
  channels.push(channel);
  new StorageProvider(channel, backEnd, providerCosts(parts, 'storage'), site.space, [file, files[0]!], (why) =>
    parts.log.record('vmbus', child.name, 'channel closed: storage', { detail: why }),
  );
  const command = { lun: WORK_LUN, write: false, sector: 0, bytes: 0 };
  const bufferPages = Math.max(1, pinnedPages(child) - STORAGE_TRANSFER_BYTES / PAGE_BYTES);
  const encode = (body: Uint8Array, transfer: Transfer) => {
    command.write = transfer.write;
    command.bytes = transfer.bytes;
    const system = transfer.request === SYSTEM_REQUEST;
    command.lun = system ? BOOT_LUN : WORK_LUN;
    command.sector = (system ? bootSectors : workSectors)(transfer.bytes);
    return encodeStorageCommand(body, command, (transfer.request * 16) % bufferPages);
  };
  return new ServiceClient(
    channel,
    guest,
    {
      request: costs.get('vsc-storage-request'),
      completion: costs.get('vsc-storage-completion'),
      interrupt: costs.get('vsc-interrupt'),
    },
    STORAGE_TRANSFER_BYTES,
    STORAGE_PACKET,
    encode,
    (answer) => answer[14] === SRB_SUCCESS,
  );
}

function emulatedDisk(
  { parts, child, guest }: Site,
  emulator: DeviceEmulator,
  file: DiskFile,
  stream: string,
): EmulatedDriver {
  const { costs } = parts;
  const sectorFor = sectorsOf(parts, file, `${stream} ${child.name}`);
  const waiting: (() => void)[] = [];
  const client = { diskDone: () => waiting.shift()!() };
  return new EmulatedDriver(
    guest,
    emulator,
    costs.get('legacy-driver'),
    EMULATED_TRANSFER_BYTES,
    () => Math.max(1, costs.get('ide-accesses-command').amount),
    Math.max(1, costs.get('ide-accesses-interrupt').amount),
    (transfer, done) => {
      waiting.push(done);
      const offset = sectorFor(transfer.bytes) * SECTOR_BYTES;
      file.disk.submit(file.position + offset, transfer.bytes, transfer.write, client, 0);
    },
  );
}

/** Where in a file transfers go: anywhere, with the same likelihood. */
function sectorsOf(parts: HostParts, file: DiskFile, stream: string): (bytes: number) => number {
  const random = new RandomStream(parts.seed, stream);
  const sectors = Math.floor(file.bytes / SECTOR_BYTES);
  return (bytes) => random.below(Math.max(1, sectors - Math.ceil(bytes / SECTOR_BYTES) + 1));
}

/** Pages a balloon never takes: buffers of the guest's drivers lie there. */
function pinnedPages({ memory }: Child): number {
  return Math.floor((memory.kind === 'dynamic' ? memory.minimumBytes : memory.startupBytes) / PAGE_BYTES);
}

function networkDriver(
  site: Site,
  nic: VirtualNic,
  backEnd: BackEnd,
  emulator: DeviceEmulator,
  channels: Channel[],
): GuestDevice {
  const { parts, child, guest } = site;
  const { costs } = parts;
  const uplink = uplinkOf(parts, nic);
  if (child.kind === 'legacy' || nic.kind === 'legacy') {
    const waiting: (() => void)[] = [];
    const port = plugIn(uplink, { sent: () => waiting.shift()!() });
    const frames = (transfer: Transfer) => Math.ceil(transfer.bytes / costs.get('tulip-frame').amount);
    return new EmulatedDriver(
      guest,
      emulator,
      costs.get('legacy-driver'),
      NETWORK_TRANSFER_BYTES,
      (transfer) => Math.max(1, frames(transfer) * costs.get('tulip-accesses-frame').amount),
      Math.max(1, costs.get('tulip-accesses-interrupt').amount),
      (transfer, done) => {
        waiting.push(done);
        port.send(transfer.bytes, 0);
      },
    );
  }
  const channel = new Channel(child.name, 'network', costs.get('ring-network').amount, site.traffic.network);
  channels.push(channel);
  new NetworkProvider(channel, backEnd, providerCosts(parts, 'network'), uplink, (why) =>
    parts.log.record('vmbus', child.name, 'channel closed: network', { detail: why }),
  );
  return new ServiceClient(
    channel,
    guest,
    {
      request: costs.get('vsc-network-send'),
      completion: costs.get('vsc-network-completion'),
      interrupt: costs.get('vsc-interrupt'),
    },
    NETWORK_TRANSFER_BYTES,
    NETWORK_PACKET,
    (body, transfer) => encodeSend(body, transfer.bytes),
    (answer) => answer[4] === 1,
  );
}

function uplinkOf(parts: HostParts, nic: VirtualNic): NetworkAdapter | null {
  const virtualSwitch = parts.model.switches.find(({ name }) => name === nic.switch);
  return virtualSwitch?.nic === undefined ? null : (parts.nics.get(virtualSwitch.nic) ?? null);
}
