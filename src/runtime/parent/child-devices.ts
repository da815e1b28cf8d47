import type { BootDisk } from '../child/guest-boot.js';
import type { GuestDevice } from '../child/guest-device.js';
import type { IncomingRequests } from '../child/incoming-requests.js';
import type { GuestDevices } from '../child/request-stages.js';
import type { ChannelDevice, ChannelEnds } from '../vmbus/traffic.js';
import type { Binding, ChildBus } from './child-bus.js';
import { connectNetwork } from './child-network.js';
import { createBus } from './create-bus.js';
import type { DeviceEmulator } from './device-emulator.js';
import type { DeviceSite } from './device-site.js';
import type { ChildMemory } from './dynamic-memory/child-memory.js';
import { createEmulator, emulatedDisk } from './emulated-devices.js';
import type { IntegrationClock } from './integration-host.js';
import { IntegrationServices } from './integration-services.js';
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
  const { parts, child, files, guest, dynamicMemory } = site;
  const emulator = createEmulator(site);
  const [bootDisk] = child.disks;
  const workDisk = child.disks.at(-1);
  const networkVp = workDisk ? 1 % child.processors.count : 0;
  let settle = (_late: boolean) => {};
  const settled = () => settle(false);
  const settledLate = () => settle(true);

  const storage = child.kind === 'legacy' ? [] : storageDevices(site, settled);
  const network = connectNetwork(site, emulator, networkVp, settled);
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
  for (const adapter of site.unplugged) {
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
  const emulated = (index: number, stream: string) => {
    const file = files.at(index);
    return file ? attached(emulatedDisk(site, emulator, file, stream)) : null;
  };
  for (const driver of network.drivers) guest.attach(driver);
  const { send, incoming } = network;
  const shared = {
    bus,
    services,
    synthetic,
    adapterDevice: network.deviceOf,
    memory: dynamicMemory,
    emulator,
    incoming,
  };
  if (child.kind === 'legacy') {
    const disk = emulated(-1, 'disk blocks');
    const boot = disk && { loader: null, system: { driver: disk, ready: () => true } };
    return { ...shared, drivers: { read: () => disk, write: () => disk, send }, boot };
  }
  const disk = whenReady(storage.find(({ disks }) => workDisk && disks.includes(workDisk)));
  const bootClient = storage.find(({ disks }) => bootDisk && disks.includes(bootDisk))?.client;
  const boot = bootClient && {
    // Before its drivers are loaded, a generation 1 machine reads its boot disk as the firmware does: from emulated IDE.
    loader: child.generation === 1 ? emulated(0, 'boot loader') : null,
    system: { driver: bootClient, ready: () => bootClient.ready },
  };
  return { ...shared, drivers: { read: disk, write: disk, send }, boot: boot ?? null };
}

function whenReady(device: SyntheticDevice | undefined): (local: number) => GuestDevice | null {
  return (local) => device?.clientFor(local) ?? null;
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
