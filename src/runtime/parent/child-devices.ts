import { findRelease } from '../../model/catalog/releases.js';
import { VMBUS_CLASSES } from '../../model/catalog/vmbus-classes.js';
import { guestVmbusVersion } from '../../model/catalog/vmbus-versions.js';
import type { Child, VirtualNic } from '../../model/host-model.js';
import { EmulatedDriver } from '../child/emulated-driver.js';
import type { GuestDevice, Transfer } from '../child/guest-device.js';
import type { GuestDevices } from '../child/request-stages.js';
import type { VmbusEvent } from '../vmbus/host/vmbus-server.js';
import { offersFor } from '../vmbus/offers.js';
import type { ChannelEnds } from '../vmbus/traffic.js';
import { type VmbusVersion, versionsUpTo, versionText } from '../vmbus/versions.js';
import { BusProvider } from './bus-provider.js';
import { type Binding, type ChildBus, DirectBus, MessageBus } from './child-bus.js';
import { type DeviceEmulator, InPlaceEmulator } from './device-emulator.js';
import type { DeviceSite } from './device-site.js';
import type { IntegrationClock } from './integration-host.js';
import { IntegrationServices } from './integration-services.js';
import {
  instanceId,
  networkDevice,
  randomSectors,
  type SyntheticDevice,
  storageDevice,
  uplinkOf,
} from './synthetic-devices.js';
import { plugIn } from './virtual-switch.js';
import { SECTOR } from './vsp/storage/scsi.js';
import { WorkerProcess } from './worker-process.js';

const EMULATED_DISK_BYTES = 131_072;
const EMULATED_FRAMES_BYTES = 65_536;
/** Where no release bounds it. */
const NEWEST_VMBUS = '5.3';

/** Everything that connects one running child to its devices. */
export interface ChildDevices {
  bus: ChildBus;
  /** Null where the host has no such services. */
  services: IntegrationServices | null;
  synthetic: readonly SyntheticDevice[];
  emulator: DeviceEmulator;
  drivers: GuestDevices;
}

/** Who hears of what a guest says by its integration services. */
export interface IntegrationListener {
  /** It goes down, as it was asked to. */
  shutDown(): void;
  told(values: ReadonlyMap<string, string>): void;
}

/** The open channels to one kind of device. */
export function openChannels(devices: ChildDevices | null, kind: 'storage' | 'network'): ChannelEnds[] {
  return (devices?.synthetic ?? []).flatMap((device) => (device.kind === kind ? (device.ends ?? []) : []));
}

/** Builds the devices of a child and the drivers its guest loads; work goes to its last disk and its first adapter. */
export function connectDevices(site: DeviceSite, clock: IntegrationClock, listener: IntegrationListener): ChildDevices {
  const { parts, child, guest } = site;
  const emulator = createEmulator(site);
  const lastDisk = child.disks.at(-1);
  const [firstNic] = child.nics;
  const networkVp = lastDisk ? 1 % child.processors.count : 0;
  let settle = () => {};
  const settled = () => settle();

  const storage = child.kind === 'legacy' ? [] : storageDevices(site, settled);
  const network = child.kind === 'legacy' ? [] : networkDevices(site, networkVp, settled);
  const synthetic = [...storage, ...network];
  const services =
    parts.architecture.devices.vmbus && child.kind === 'enlightened'
      ? new IntegrationServices(site, clock, settled, listener.shutDown, listener.told)
      : null;
  const bus = createBus(site, synthetic, services?.bindings ?? []);
  settle = () => bus.settled();
  if (bus.driver) guest.attach(bus.driver);
  for (const { client } of synthetic) guest.attach(client);
  for (const { driver } of services?.bindings ?? []) if (driver) guest.attach(driver);

  const attached = (driver: GuestDevice | null) => {
    if (driver) guest.attach(driver);
    return () => driver;
  };
  const disk =
    child.kind === 'legacy'
      ? attached(lastDisk ? emulatedDisk(site, emulator) : null)
      : whenReady(storage.find(({ disks }) => lastDisk && disks.includes(lastDisk)));
  const adapter =
    firstNic && (child.kind === 'legacy' || firstNic.kind === 'legacy')
      ? attached(emulatedAdapter(site, firstNic, emulator, networkVp))
      : whenReady(network[0]);
  return { bus, services, synthetic, emulator, drivers: { read: disk, write: disk, send: adapter } };
}

function whenReady(device: SyntheticDevice | undefined): () => GuestDevice | null {
  return () => (device?.client.ready ? device.client : null);
}

/** A controller for each IDE disk, as Hyper-V offers them, and one for all SCSI disks; elsewhere one for all. */
function storageDevices(site: DeviceSite, settled: () => void): SyntheticDevice[] {
  const { disks } = site.child;
  if (!site.parts.architecture.devices.vmbus)
    return disks.length === 0 ? [] : [storageDevice(site, 'scsi', disks, 0, 0, settled)];
  const ide = disks.filter(({ controller }) => controller === 'ide');
  const scsi = disks.filter(({ controller }) => controller === 'scsi');
  const devices = ide.map((disk, i) => storageDevice(site, 'ide', [disk], i, 0, settled));
  return scsi.length === 0 ? devices : [...devices, storageDevice(site, 'scsi', scsi, 0, 0, settled)];
}

function networkDevices(site: DeviceSite, vp: number, settled: () => void): SyntheticDevice[] {
  const synthetic = site.child.nics.filter(({ kind }) => kind === 'synthetic');
  return synthetic.map((nic, i) => networkDevice(site, nic, i, vp, settled));
}

function createBus(site: DeviceSite, synthetic: readonly SyntheticDevice[], services: readonly Binding[]): ChildBus {
  const { parts, child, guest, memory, backEnd } = site;
  const { architecture, costs, log, model } = parts;
  const report = (event: VmbusEvent) => {
    if (event.type === 'channel broken')
      log.record('vmbus', child.name, `channel closed: ${event.device}`, { detail: event.reason });
  };
  const bindings: Binding[] = synthetic.map((device) => ({ device, driver: device.client }));
  if (!architecture.devices.vmbus || child.kind === 'legacy') {
    return new DirectBus(memory, bindings, ({ title }, reason) =>
      report({ type: 'channel broken', device: title, reason }),
    );
  }
  const { release } = model.hypervisor;
  const hostVersions = versionsUpTo(
    (release === null ? undefined : findRelease(release)?.vmbusVersion) ?? NEWEST_VMBUS,
  );
  const busCosts = { message: costs.get('vmbus-message-parent'), post: costs.get('hypercall') };
  const provider = new BusProvider(child.name, backEnd, busCosts, memory, hostVersions, report);
  const connected = (version: VmbusVersion | null) =>
    version === null
      ? log.record('fault', child.name, 'VMBus: no version in common')
      : log.record('vmbus', child.name, 'VMBus version negotiated', { detail: versionText(version) });
  return new MessageBus(
    guest,
    memory,
    child.processors.count,
    provider,
    costs.get('vmbus-message-child'),
    versionsUpTo(guestVmbusVersion(child.operatingSystem)),
    [...bindings, ...services, ...unmodelledDevices(child, services)],
    connected,
  );
}

/** What is offered beside: nobody in a modelled guest opens it. */
function unmodelledDevices(child: Child, services: readonly Binding[]): Binding[] {
  const served = new Set(services.map(({ device }) => device.interfaceId));
  return offersFor(child)
    .filter(({ guid }) => UNMODELLED.has(guid) && !served.has(guid))
    .map(({ guid, title }, i) => ({
      device: {
        title,
        interfaceId: guid,
        instanceId: instanceId(9, i),
        messagePipe: false,
        open: () => ({ signalled: () => {}, closed: () => {} }),
      },
      driver: null,
    }));
}

const { network: _network, scsi: _scsi, ide: _ide, ...OTHERS } = VMBUS_CLASSES;
const UNMODELLED: ReadonlySet<string> = new Set(Object.values(OTHERS));

function createEmulator({ parts, child, firstVp, backEnd }: DeviceSite): DeviceEmulator {
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

function emulatedDisk({ parts, child, files, guest }: DeviceSite, emulator: DeviceEmulator): GuestDevice | null {
  const { costs } = parts;
  const file = files.at(-1);
  if (!file) return null;
  const sectorFor = randomSectors(parts.seed, child.name, file.bytes);
  const waiting: (() => void)[] = [];
  const client = { diskDone: () => waiting.shift()!() };
  return new EmulatedDriver(
    guest,
    emulator,
    0,
    costs.get('legacy-driver'),
    EMULATED_DISK_BYTES,
    () => Math.max(1, costs.get('ide-accesses-command').amount),
    Math.max(1, costs.get('ide-accesses-interrupt').amount),
    (transfer, done) => {
      waiting.push(done);
      const offset = sectorFor(transfer.bytes) * SECTOR;
      file.disk.submit(file.position + offset, transfer.bytes, transfer.write, client, 0);
    },
  );
}

function emulatedAdapter(
  { parts, guest }: DeviceSite,
  nic: VirtualNic,
  emulator: DeviceEmulator,
  vp: number,
): GuestDevice {
  const { costs } = parts;
  const waiting: (() => void)[] = [];
  const port = plugIn(uplinkOf(parts, nic), { sent: () => waiting.shift()!() });
  const frames = (transfer: Transfer) => Math.ceil(transfer.bytes / costs.get('tulip-frame').amount);
  return new EmulatedDriver(
    guest,
    emulator,
    vp,
    costs.get('legacy-driver'),
    EMULATED_FRAMES_BYTES,
    (transfer) => Math.max(1, frames(transfer) * costs.get('tulip-accesses-frame').amount),
    Math.max(1, costs.get('tulip-accesses-interrupt').amount),
    (transfer, done) => {
      waiting.push(done);
      port.send(transfer.bytes, 0);
    },
  );
}
