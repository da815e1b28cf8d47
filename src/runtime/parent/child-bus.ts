import type { DriverMemory } from '../child/driver-memory.js';
import type { DriverHost, GuestDevice } from '../child/guest-device.js';
import { BusDriver, type Loadable } from '../child/vmbus/bus-driver.js';
import { BusPort } from '../child/vmbus/bus-port.js';
import type { ChannelDriver } from '../child/vmbus/guest-channel.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { VmbusDevice } from '../vmbus/host/device.js';
import { HostChannel } from '../vmbus/host/host-channel.js';
import { RingBuffer } from '../vmbus/ring-buffer.js';
import { sharedBytes } from '../vmbus/shared-bytes.js';
import type { VmbusVersion } from '../vmbus/versions.js';
import type { BusProvider } from './bus-provider.js';

/** A device of a modelled child and the driver that its guest has for it; null: offered, and nobody takes it. */
export interface Binding {
  device: VmbusDevice;
  driver: ChannelDriver | null;
  /** Those for further channels of the device, in order. */
  subChannels?: readonly ChannelDriver[];
  /** The driver is loaded with the services of the operating system, not to boot it. */
  late: boolean;
}

/** How the drivers of a modelled guest come to their channels. */
export interface ChildBus {
  /** The guest's own driver of the bus, where it has one. */
  readonly driver: GuestDevice | null;
  /**
   * The guest's operating system has loaded the drivers it boots with. `done` hears when each is served, or never will
   * be. Returns the driver that makes the first hypercall, if one does.
   */
  connect(done: () => void): GuestDevice | null;
  /** The operating system is up and loads the other drivers; as {@link connect}. */
  loadServices(done: () => void): GuestDevice | null;
  /** The guest goes down in good order; `done` hears when the host knows. */
  unload(done: () => void): GuestDevice | null;
  /** Takes a device away, with whatever is under way for it. */
  rescind(device: VmbusDevice): void;
  /** Offers a device that was taken away. */
  offer(device: VmbusDevice): void;
  /** The guest is back from where it was saved, with its memory: what waited for it goes on. */
  goOn(): void;
  /** A driver has its channel and has said what it has to say before its work, or it will have none. */
  settled(late: boolean): void;
  close(): void;
}

/** Calls back once everything that was awaited has come. */
class Gate {
  private done: () => void = () => {};
  private opened = false;

  constructor(private unsettled: number) {}

  await(done: () => void): void {
    this.done = done;
    this.check();
  }

  settle(): void {
    this.unsettled--;
    this.check();
  }

  open(): void {
    this.opened = true;
    this.check();
  }

  /** Nothing more will come. */
  giveUp(): void {
    this.unsettled = 0;
    this.open();
  }

  private check(): void {
    if (!this.opened || this.unsettled > 0) return;
    const { done } = this;
    this.done = () => {};
    done();
  }
}

/** Hyper-V's way: contact, offers, GPADLs and channels over messages of the SynIC. */
export class MessageBus implements ChildBus {
  readonly driver: BusDriver | null;
  private readonly gate: Gate;
  private readonly lateGate: Gate;
  /** That of the drivers which are being loaded. */
  private opening: Gate;
  private unloaded: () => void = () => {};

  constructor(
    guest: DriverHost,
    memory: DriverMemory,
    vpCount: number,
    private readonly provider: BusProvider,
    message: Cost,
    versions: readonly VmbusVersion[],
    bindings: readonly Binding[],
    connected: (version: VmbusVersion | null) => void,
  ) {
    this.gate = new Gate(countDrivers(bindings, false));
    this.lateGate = new Gate(countDrivers(bindings, true));
    this.opening = this.gate;
    for (const { device } of bindings) provider.server.offer(device);
    const port = BusPort.create(memory, vpCount, provider.ports);
    if (port === null) {
      this.driver = null;
      return;
    }
    provider.attach(port.synics);
    const found = new Map(bindings.map((binding) => [binding.device.instanceId, binding]));
    this.driver = new BusDriver(
      guest,
      memory,
      port,
      message,
      versions,
      (offer) => loadableFor(found.get(offer.instanceId), offer.subChannel),
      {
        connected: (version) => {
          connected(version);
          if (version !== null) return;
          this.gate.giveUp();
          this.lateGate.giveUp();
        },
        opened: () => this.opening.open(),
        unloaded: () => this.unloaded(),
      },
    );
  }

  connect(done: () => void): GuestDevice | null {
    this.gate.await(done);
    if (this.driver === null) this.gate.giveUp();
    this.driver?.connect();
    return this.driver;
  }

  loadServices(done: () => void): GuestDevice | null {
    this.opening = this.lateGate;
    this.lateGate.await(done);
    if (this.driver === null) this.lateGate.giveUp();
    return this.driver?.loadServices() ? this.driver : null;
  }

  unload(done: () => void): GuestDevice | null {
    if (this.driver === null) {
      done();
      return null;
    }
    this.unloaded = done;
    this.driver.unload();
    return this.driver;
  }

  rescind(device: VmbusDevice): void {
    this.provider.server.rescind(device);
  }

  offer(device: VmbusDevice): void {
    this.provider.server.offer(device);
  }

  goOn(): void {
    this.provider.server.goOn();
  }

  settled(late: boolean): void {
    (late ? this.lateGate : this.gate).settle();
  }

  close(): void {
    this.provider.close();
  }
}

function loadableFor(binding: Binding | undefined, subChannel: number): Loadable | null {
  if (binding === undefined) return null;
  const driver = subChannel === 0 ? binding.driver : binding.subChannels?.[subChannel - 1];
  return driver ? { driver, late: binding.late } : null;
}

function countDrivers(bindings: readonly Binding[], late: boolean): number {
  return bindings.filter((binding) => binding.driver !== null && binding.late === late).length;
}

/** Where there is no VMBus: rings are there when the guest is. How front ends find their back ends is not modelled. */
export class DirectBus implements ChildBus {
  readonly driver = null;
  private readonly gate: Gate;
  /** First frame of the rings of each driver. */
  private readonly frames = new Map<ChannelDriver, number>();
  /** Those that are open; null: taken away. */
  private readonly channels = new Map<VmbusDevice, { channel: HostChannel; serve: () => void } | null>();

  constructor(
    private readonly memory: DriverMemory,
    private readonly bindings: readonly Binding[],
    private readonly broken: (device: VmbusDevice, reason: string) => void,
  ) {
    this.gate = new Gate(bindings.length);
  }

  connect(done: () => void): null {
    for (const { device, driver } of this.bindings)
      if (driver !== null && this.channels.get(device) !== null) this.open(device, driver);
    this.gate.open();
    this.gate.await(done);
    return null;
  }

  loadServices(done: () => void): null {
    done();
    return null;
  }

  unload(done: () => void): null {
    done();
    return null;
  }

  rescind(device: VmbusDevice): void {
    const open = this.channels.get(device);
    this.channels.set(device, null);
    if (!open) return;
    open.channel.close();
    this.driverOf(device)?.gone();
  }

  offer(device: VmbusDevice): void {
    const driver = this.driverOf(device);
    if (driver) this.open(device, driver);
  }

  goOn(): void {
    for (const open of this.channels.values()) open?.serve();
  }

  settled(): void {
    this.gate.settle();
  }

  close(): void {
    for (const open of this.channels.values()) open?.channel.close();
  }

  private driverOf(device: VmbusDevice): ChannelDriver | null {
    return this.bindings.find((binding) => binding.device === device)?.driver ?? null;
  }

  private open(device: VmbusDevice, driver: ChannelDriver): void {
    const pages = 1 + driver.ringBytes / 4096;
    const first = this.frames.get(driver) ?? this.memory.allocate(2 * pages);
    if (first < 0) {
      driver.gone();
      return;
    }
    this.frames.set(driver, first);
    const shared = (from: number) =>
      sharedBytes(
        this.memory,
        Array.from({ length: pages }, (_, i) => from + i),
      );
    const [up, down] = [shared(first), shared(first + pages)];
    const [outgoing, incoming] = [new RingBuffer(up), new RingBuffer(down)];
    for (const ring of [outgoing, incoming]) ring.initialize();
    const channel = new HostChannel(this.memory, new RingBuffer(up), new RingBuffer(down), {
      interrupt: () => driver.signalled(),
      broken: (reason) => this.broken(device, reason),
      pages: () => null,
      offerSubChannels: () => {},
    });
    const service = device.open(channel, 0);
    const serve = () => {
      channel.flush();
      service.signalled();
    };
    this.channels.set(device, { channel, serve });
    if (driver.opened({ outgoing, incoming, monitored: false, signalHost: serve })) serve();
  }
}
