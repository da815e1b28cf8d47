import { growingFormat } from '../../model/catalog/disk-formats.js';
import { VMBUS_CLASSES } from '../../model/catalog/vmbus-classes.js';
import type { Child, VirtualDisk } from '../../model/host-model.js';
import { SYSTEM_REQUEST, type Transfer } from '../child/guest-device.js';
import { type KnownDisk, lookForDisks } from '../child/known-disks.js';
import { NetworkClient } from '../child/network-client.js';
import { type ClientProtocol, noHandshake, ServiceClient } from '../child/service-client.js';
import {
  encodeStorageCommand,
  isDiskError,
  isStorageSuccess,
  SECTOR_BYTES,
  storageHandshake,
} from '../child/storage-protocol.js';
import type { VirtualFunction } from '../child/virtual-function.js';
import { PAGE_BYTES, wholePages } from '../hardware/system-memory.js';
import type { HostParts } from '../host-parts.js';
import { RandomStream } from '../random.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { HostChannel } from '../vmbus/host/host-channel.js';
import { ModelledReceiveBuffer } from '../vmbus/modelled-receive-buffer.js';
import { encodeSend, encodeSubChannelRequest } from '../vmbus/network-protocol.js';
import { COMPLETION_REQUESTED, PacketType, type RingPacket } from '../vmbus/ring-packet.js';
import { fileBehind } from './absent-disk.js';
import { type ChannelPlan, networkChannels, oneChannel, storageChannels } from './channel-plan.js';
import type { DeviceSite } from './device-site.js';
import type { VirtualAdapter } from './network/virtual-adapter.js';
import { NetworkProvider } from './network-provider.js';
import type { ProviderCosts } from './service-provider.js';
import { StorageDevice } from './storage-device.js';
import { type FileUnit, StorageProvider } from './storage-provider.js';
import { SyntheticDevice } from './synthetic-device.js';
import { StorageController } from './vsp/storage/storage-controller.js';

/** Largest transfer of one command; larger ones are cut by the driver. */
const STORAGE_TRANSFER_BYTES = 524_288;
const NETWORK_TRANSFER_BYTES = 65_536;
const SECTORS_PER_MB = 1024 ** 2 / SECTOR_BYTES;

/** The storage VSP of a controller with these disks, and the guest's VSC; work goes to the last disk, a boot to the first. */
export function storageDevice(
  site: DeviceSite,
  controller: 'ide' | 'scsi',
  disks: readonly VirtualDisk[],
  number: number,
  vp: number,
  settled: () => void,
): StorageDevice {
  const { parts, child, files, unplugged, guest, traffic } = site;
  const { costs } = parts;
  const numberOf = (disk: VirtualDisk) => child.disks.indexOf(disk);
  const units = disks.map((disk, i): FileUnit => {
    const file = controller === 'ide' ? fileBehind(site, numberOf(disk))! : files[numberOf(disk)]!;
    const lun = controller === 'ide' ? 0 : i;
    const bytes = Math.floor(file.bytes / SECTOR_BYTES) * SECTOR_BYTES;
    return {
      lun,
      serial: `${child.name}-${lun}`,
      bytes,
      sectorBytes: SECTOR_BYTES,
      file,
      layers: layersOf(disk, costs),
    };
  });
  const known = units.map(({ lun }, i): KnownDisk => {
    const isThere = controller === 'ide' || !unplugged.disk.has(numberOf(disks[i]!));
    return { lun, isThere };
  });
  const plan = controller === 'scsi' ? storageChannels(parts, child, vp) : oneChannel(child, vp);
  const protocol = storageProtocol(site, units, plan, known);
  const channels = plan.vps.map((_, i) => roleOf(i, protocol, settled));
  const clients = plan.vps.map(
    (channelVp, i) =>
      new ServiceClient(
        guest,
        {
          request: costs.get('vsc-storage-request'),
          interrupt: costs.get('vsc-interrupt'),
        },
        channelVp,
        wholePages(costs.get('ring-storage').amount),
        STORAGE_TRANSFER_BYTES,
        channels[i]!.protocol,
        traffic.storage,
        channels[i]!.settled,
      ),
  );
  const storage = new StorageController(
    units.filter((_, i) => known[i]!.isThere),
    plan.allowed,
  );
  const serve = (channel: HostChannel, index: number) => {
    const provider = new StorageProvider(
      storage,
      (count) => channel.offerSubChannels(count),
      `VSP storage of ${child.name}`,
      channel,
      site.backEnd,
      providerCosts(parts, 'storage'),
      traffic.storage,
    );
    if (index === 0) provider.tellOfDisks();
    return provider;
  };
  const interfaceId = controller === 'ide' ? VMBUS_CLASSES.ide : VMBUS_CLASSES.scsi;
  return new StorageDevice(
    storage,
    new Map(disks.map((disk, i) => [disk, { unit: units[i]!, known: known[i]! }])),
    'storage',
    interfaceId,
    instanceId(controller === 'ide' ? 1 : 2, number),
    disks,
    clients,
    plan,
    costs.get('monitor-latency-storage').amount,
    serve,
  );
}

function layersOf(disk: VirtualDisk, costs: HostParts['costs']): Cost[] {
  if (disk.allocation === 'pass-through') return [];
  const file = costs.get('vsp-storage-file');
  return growingFormat(disk) === null ? [file] : [file, costs.get('vsp-storage-table')];
}

/** The network VSP of an adapter, and the guest's VSC. */
export function networkDevice(
  site: DeviceSite,
  adapter: VirtualAdapter,
  number: number,
  vp: number,
  settled: () => void,
  /** The driver of a virtual function, where the adapter asks for one. */
  direct: VirtualFunction | null,
): SyntheticDevice {
  const { parts, child, guest, traffic } = site;
  const { costs } = parts;
  const plan = networkChannels(parts, child, vp);
  // Each channel has a part of the receive buffer of its own, as with openvmm's netvsp.
  const bufferBytes = Math.floor(costs.get('receive-buffer').amount / plan.vps.length);
  const buffers = plan.vps.map(() => new ModelledReceiveBuffer(bufferBytes));
  const protocol = networkProtocol(plan);
  const channels = plan.vps.map((_, i) => roleOf(i, protocol, settled));
  const clients = plan.vps.map(
    (channelVp, i) =>
      new NetworkClient(
        buffers[i]!,
        { frame: costs.get('vsc-network-receive'), copy: costs.get('guest-copy') },
        guest,
        {
          request: costs.get('vsc-network-send'),
          interrupt: costs.get('vsc-interrupt'),
        },
        channelVp,
        wholePages(costs.get('ring-network').amount),
        NETWORK_TRANSFER_BYTES,
        channels[i]!.protocol,
        traffic.network,
        channels[i]!.settled,
      ),
  );
  const send = providerCosts(parts, 'network');
  const serve = (channel: HostChannel, index: number) => {
    const provider = new NetworkProvider(
      adapter,
      buffers[index]!,
      plan.allowed,
      child.name,
      { ...send, frame: costs.get('vsp-network-receive'), copy: costs.get('copy') },
      costs.get('vsp-network-return'),
      `VSP network of ${child.name}`,
      channel,
      site.backEnd,
      send,
      traffic.network,
    );
    if (direct && index === 0) adapter.offerFunction(direct);
    return provider;
  };
  return new SyntheticDevice(
    'network',
    VMBUS_CLASSES.network,
    instanceId(3, number),
    [],
    clients,
    plan,
    costs.get('monitor-latency-network').amount,
    serve,
  );
}

/** Where on a disk a child reads and writes: anywhere, with the same likelihood. */
export function randomSectors(seed: number, stream: string, diskBytes: number): (bytes: number) => number {
  const random = new RandomStream(seed, stream);
  const sectors = Math.floor(diskBytes / SECTOR_BYTES);
  return (bytes) => random.below(Math.max(1, sectors - Math.ceil(bytes / SECTOR_BYTES) + 1));
}

/** One after the other; each stream begins somewhere else, and at the end from the beginning. */
export function sequentialSectors(seed: number, stream: string, diskBytes: number): (bytes: number) => number {
  const sectors = Math.floor(diskBytes / SECTOR_BYTES);
  let next = new RandomStream(seed, stream).below(Math.max(1, Math.floor(sectors / SECTORS_PER_MB))) * SECTORS_PER_MB;
  return (bytes) => {
    const wanted = Math.ceil(bytes / SECTOR_BYTES);
    const sector = next + wanted <= sectors ? next : 0;
    next = sector + wanted;
    return sector;
  };
}

/** An id that tells devices of one child apart. */
export function instanceId(kind: number, number: number): string {
  return `${kind.toString(16).padStart(8, '0')}-0000-8899-0000-${number.toString(16).padStart(12, '0')}`;
}

function storageProtocol(
  { parts, child }: DeviceSite,
  units: readonly FileUnit[],
  plan: ChannelPlan,
  known: readonly KnownDisk[],
): ClientProtocol {
  const [boot, work] = [units[0]!, units.at(-1)!];
  const bootSector = randomSectors(parts.seed, `boot blocks ${child.name}`, boot.bytes);
  const pattern = child.workload?.sequential ? sequentialSectors : randomSectors;
  const workSector = pattern(parts.seed, `disk blocks ${child.name}`, work.bytes);
  const command = { lun: 0, write: false, sector: 0, bytes: 0, firstPage: 0 };
  const bufferPages = Math.max(1, pinnedPages(child) - STORAGE_TRANSFER_BYTES / PAGE_BYTES);
  return {
    handshake: (packet) => (parts.architecture.devices.vmbus ? storageHandshake(packet, plan.wanted) : noHandshake()),
    look: (packet) => lookForDisks(known, packet),
    request: (packet: RingPacket, transfer: Transfer) => {
      const system = transfer.request === SYSTEM_REQUEST;
      command.lun = (system ? boot : work).lun;
      command.write = transfer.write;
      command.bytes = transfer.bytes;
      command.sector = (system ? bootSector : workSector)(transfer.bytes);
      command.firstPage = (transfer.request * 16) % bufferPages;
      encodeStorageCommand(packet, command);
    },
    good: isStorageSuccess,
    failed: isDiskError,
  };
}

/** Pages a balloon never takes: buffers of the guest's drivers lie there. */
function pinnedPages({ memory }: Child): number {
  return Math.floor((memory.kind === 'dynamic' ? memory.minimumBytes : memory.startupBytes) / PAGE_BYTES);
}

const NETWORK_REQUESTS: Omit<ClientProtocol, 'handshake' | 'look'> = {
  request: (packet, transfer) => {
    packet.type = PacketType.InBand;
    packet.flags = COMPLETION_REQUESTED;
    packet.payloadAt = 0;
    packet.bodyBytes = encodeSend(packet.body, transfer.bytes, transfer.section);
  },
  good: ({ body }) => body[4] === 1,
  failed: ({ body }) => body[4] === 2,
};

/** Of the network driver's handshake only the request for further channels is modelled. */
function networkProtocol({ wanted }: ChannelPlan): ClientProtocol {
  return {
    ...NETWORK_REQUESTS,
    *handshake(packet) {
      if (wanted === 0) return;
      encodeSubChannelRequest(packet, wanted);
      yield;
    },
  };
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

/** A device's own channel shakes hands and says when the device has settled; its further ones do neither. */
function roleOf(channel: number, protocol: ClientProtocol, settled: () => void) {
  return channel === 0
    ? { protocol, settled }
    : { protocol: { ...protocol, handshake: noHandshake }, settled: () => {} };
}
