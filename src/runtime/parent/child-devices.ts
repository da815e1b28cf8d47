import type { VirtualDisk } from '../../model/host-model.js';
import { AbsentDevice } from '../child/absent-device.js';
import type { BootDisk } from '../child/guest-boot.js';
import type { GuestDevice } from '../child/guest-device.js';
import type { IncomingRequests } from '../child/incoming-requests.js';
import type { GuestDevices } from '../child/request-stages.js';
import type { ChannelDevice, ChannelEnds } from '../vmbus/traffic.js';
import { fileBehind } from './absent-disk.js';
import type { Binding, ChildBus } from './child-bus.js';
import { connectNetwork } from './child-network.js';
import { createBus } from './create-bus.js';
import type { DeviceEmulator } from './device-emulator.js';
import type { DeviceSite } from './device-site.js';
import type { ChildMemory } from './dynamic-memory/child-memory.js';
import { createEmulator, emulatedDisk } from './emulated-devices.js';
import type { IntegrationClock } from './integration-host.js';
import { IntegrationServices } from './integration-services.js';
import type { StorageDevice } from './storage-device.js';
import type { SyntheticDevice } from './synthetic-device.js';
import { storageDevice } from './synthetic-devices.js';

/** Everything that connects one running child to its devices. */
export interface ChildDevices {
  bus: ChildBus;
  /** Null where the host has no such services. */
  services: IntegrationServices | null;
  synthetic: readonly SyntheticDevice[];
  /** The device of an adapter, counted among those of the child; null: it is emulated. */
  adapterDevice: (adapter: number) => SyntheticDevice | null;
  /** The controller of a disk, counted among those of the child; null: it is emulated. */
  diskDevice: (disk: number) => StorageDevice | null;
  /** Null where the child's memory stays what it starts with. */
  memory: ChildMemory | null;
  emulator: DeviceEmulator;
  drivers: GuestDevices;
  /** Null where requests come to the guest out of nothing. */
  incoming: IncomingRequests | null;
  /** Null without a disk. */
  boot: BootDisk | null;
}

/** Who hears of what a guest says by its integration services. */
export interface IntegrationListener {
  /** It goes down, as it was asked to. */
  shutDown(): void;
  told(values: ReadonlyMap<string, string>): void;
}

/** The channels that are open at both ends. */
export function openChannels(devices: ChildDevices | null): ChannelEnds[] {
  if (devices === null) return [];
  const { synthetic, memory } = devices;
  return [...synthetic.flatMap(({ ends }) => ends), ...(memory?.ends ? [memory.ends] : [])];
}

/** The devices that are open, with how many channels each has by now. */
export function openDevices({ synthetic, memory }: ChildDevices): { device: ChannelDevice; channels: number }[] {
  const devices = synthetic.map(({ kind, ends }) => ({ device: kind, channels: ends.length }));
  return [...devices, { device: 'memory' as const, channels: memory?.ends ? 1 : 0 }].filter(
    ({ channels }) => channels > 0,
  );
}

/** The open channels to one kind of device. */
export function openChannelsOf(devices: ChildDevices | null, kind: ChannelDevice): ChannelEnds[] {
  return openChannels(devices).filter(({ device }) => device === kind);
}

/** Builds the devices of a child and the drivers its guest loads; work goes to its last disk and its first adapter. */
export function connectDevices(site: DeviceSite, clock: IntegrationClock, listener: IntegrationListener): ChildDevices {
  const { parts, child, guest, dynamicMemory } = site;
  const emulator = createEmulator(site);
  const [bootDisk] = child.disks;
  const workDisk = child.disks.at(-1);
  const networkVp = workDisk ? 1 % child.processors.count : 0;
  let settle = (_late: boolean) => {};
  const settled = () => settle(false);
  const settledLate = () => settle(true);

  const storage = child.kind === 'legacy' ? [] : storageDevices(site, settled);
  const absent = new AbsentDevice(guest);
  const network = connectNetwork(site, emulator, networkVp, settled, absent);
  const synthetic = [...storage, ...network.synthetic];
  const services =
    parts.architecture.devices.vmbus && child.kind === 'enlightened'
      ? new IntegrationServices(site, clock, settledLate, listener.shutDown, listener.told)
      : null;
  const bindings = [
    ...synthetic.map(
      (device): Binding => ({
        device,
        driver: device.client,
        subChannels: device.subChannels,
        late: false,
      }),
    ),
    ...(services?.bindings ?? []),
    ...(dynamicMemory ? [dynamicMemory.offer(guest, settledLate)] : []),
  ];
  const bus = createBus(site, bindings);
  settle = (late) => bus.settled(late);
  for (const adapter of site.unplugged.nic) {
    const device = network.deviceOf(adapter);
    if (device === null) continue;
    bus.rescind(device);
    settled();
  }
  if (bus.driver) guest.attach(bus.driver);
  for (const { driver, subChannels } of bindings) {
    for (const each of [driver, ...(subChannels ?? [])]) if (each) guest.attach(each);
  }

  const attached = <D extends GuestDevice>(driver: D) => {
    guest.attach(driver);
    return driver;
  };
  attached(absent);
  const emulated = (index: number, stream: string) => {
    const file = fileBehind(site, index);
    return file ? attached(emulatedDisk(site, emulator, file, stream)) : null;
  };
  for (const driver of network.drivers) guest.attach(driver);
  const { send, incoming } = network;
  const shared = {
    bus,
    services,
    synthetic,
    adapterDevice: network.deviceOf,
    diskDevice: (index: number) => deviceOf(storage, child.disks[index]),
    memory: dynamicMemory,
    emulator,
    incoming,
  };
  if (child.kind === 'legacy') {
    const disk = emulated(child.disks.length - 1, 'disk blocks');
    const boot = disk && { loader: null, system: { driver: disk, ready: () => true } };
    return { ...shared, drivers: { read: () => disk, write: () => disk, send }, boot };
  }
  const workDevice = deviceOf(storage, workDisk);
  const disk = workDevice && workDisk ? driverOf(workDevice, workDisk, absent) : () => null;
  const bootClient = deviceOf(storage, bootDisk)?.client;
  const boot = bootClient && {
    // Before its drivers are loaded, a generation 1 machine reads its boot disk as the firmware does: from emulated IDE.
    loader: child.generation === 1 ? emulated(0, 'boot loader') : null,
    system: { driver: bootClient, ready: () => bootClient.ready },
  };
  return { ...shared, drivers: { read: disk, write: disk, send }, boot: boot ?? null };
}

/** The driver for a disk on each VP; where the disk was taken out, the one of what is absent. */
function driverOf(
  device: StorageDevice,
  disk: VirtualDisk,
  absent: AbsentDevice,
): (local: number) => GuestDevice | null {
  const known = device.knownAs(disk);
  return (local) => (known.isThere ? device.clientFor(local) : absent);
}

function deviceOf(storage: readonly StorageDevice[], disk: VirtualDisk | undefined): StorageDevice | null {
  return storage.find(({ disks }) => disk !== undefined && disks.includes(disk)) ?? null;
}

/** A controller for each IDE disk, as Hyper-V offers them, and one for all SCSI disks; elsewhere one for all. */
function storageDevices(site: DeviceSite, settled: () => void): StorageDevice[] {
  const { disks } = site.child;
  if (!site.parts.architecture.devices.vmbus)
    return disks.length === 0 ? [] : [storageDevice(site, 'scsi', disks, 0, 0, settled)];
  const ide = disks.filter(({ controller }) => controller === 'ide');
  const scsi = disks.filter(({ controller }) => controller === 'scsi');
  const devices = ide.map((disk, i) => storageDevice(site, 'ide', [disk], i, 0, settled));
  return scsi.length === 0 ? devices : [...devices, storageDevice(site, 'scsi', scsi, 0, 0, settled)];
}
