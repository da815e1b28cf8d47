import { invariant } from '../../defect.js';
import type { Cost } from '../../trace/cost-ledger.js';
import {
  decodeHostMessage,
  encodeMessage,
  gpadlMessages,
  type HostMessage,
  type OfferedChannel,
} from '../../vmbus/guest-messages.js';
import type { GuestMessage } from '../../vmbus/host/messages.js';
import { RingBuffer } from '../../vmbus/ring-buffer.js';
import { sharedBytes } from '../../vmbus/shared-bytes.js';
import { VERSION_5_0, type VmbusVersion } from '../../vmbus/versions.js';
import type { DriverMemory } from '../driver-memory.js';
import { DONE, type DriverHost, type DriverOutcome, type GuestDevice, SIGNAL } from '../guest-device.js';
import { RegisterlessDriver } from '../registerless-driver.js';
import type { BusPort } from './bus-port.js';
import type { ChannelDriver } from './guest-channel.js';

/** Who hears how the driver of the bus fares. */
export interface BusEvents {
  /** A version is agreed; null: the host speaks none that the guest knows. */
  connected(version: VmbusVersion | null): void;
  /** Every device whose driver is loaded is open, or cannot be opened. */
  opened(): void;
  unloaded(): void;
}

/** A driver of the guest for a device. */
export interface Loadable {
  driver: ChannelDriver;
  /** It is loaded with the services of the operating system, not to boot it. */
  late: boolean;
}

interface Bound {
  driver: ChannelDriver;
  offer: OfferedChannel;
  gpadl: number;
  frame: number;
}

/**
 * The driver of VMBus in a modelled guest: it contacts the host, asks for offers and opens a channel for each device
 * that it has a driver for. One message of the host is handled at a time, by an interrupt of VP 0.
 */
export class BusDriver extends RegisterlessDriver implements GuestDevice {
  readonly maximumBytes = 0;
  private readonly bound = new Map<number, Bound>();
  /** First frame of the rings of each driver, which takes the same pages when its device comes back. */
  private readonly frames = new Map<ChannelDriver, number>();
  private readonly waiting: { offer: OfferedChannel; driver: ChannelDriver }[] = [];
  /** Those for drivers that are not loaded yet; null: all are. */
  private later: { offer: OfferedChannel; driver: ChannelDriver }[] | null = [];
  private opening: Bound | null = null;
  private allOffered = false;
  /** Hypercalls that VP 0 is still to make. */
  private readonly calls: (() => void)[] = [];
  private tried = -1;
  private nextGpadl = 0xe1e10;

  constructor(
    guest: DriverHost,
    private readonly memory: DriverMemory,
    private readonly port: BusPort,
    private readonly message: Cost,
    /** Newest first. */
    private readonly versions: readonly VmbusVersion[],
    private readonly driverFor: (offer: OfferedChannel) => Loadable | null,
    private readonly events: BusEvents,
  ) {
    super();
    port.attach({
      message: () => guest.raise(this, 0),
      channel: (relid) => this.bound.get(relid)?.driver.signalled(),
    });
  }

  /** Begins; the caller makes the hypercall that follows. */
  connect(): void {
    this.tryNextVersion();
  }

  /** Loads the drivers that come late; true: the caller makes the hypercall that follows. */
  loadServices(): boolean {
    this.waiting.push(...(this.later ?? []));
    this.later = null;
    this.openNext();
    return this.calls.length > 0;
  }

  /** The guest goes down in good order. */
  unload(): void {
    this.post({ type: 'unload' });
  }

  // --- GuestDevice --------------------------------------------------------------------------------------------

  issueNs(): number {
    return invariantNoTransfers();
  }

  issue(): DriverOutcome {
    return invariantNoTransfers();
  }

  /** The hypercall has been made: have its effect, and say whether another follows. */
  signal(): DriverOutcome {
    this.calls.shift()!();
    return this.callsLeft();
  }

  interruptNs(): number {
    return this.message.chargeNs(Math.max(1, this.message.amount));
  }

  acknowledge(): DriverOutcome {
    const bytes = this.port.takeMessage();
    const message = bytes === null ? null : decodeHostMessage(bytes);
    if (message !== null) this.receive(message);
    return this.callsLeft();
  }

  // --- the conversation ---------------------------------------------------------------------------------------

  private receive(message: HostMessage): void {
    switch (message.type) {
      case 'version response':
        this.versionAnswered(message.supported);
        return;
      case 'offer':
        this.port.expect(message.offer.relid);
        this.offered(message.offer);
        return;
      case 'all offers delivered':
        this.allOffered = true;
        this.openNext();
        return;
      case 'gpadl created':
        this.gpadlCreated(message.good);
        return;
      case 'open result':
        this.openAnswered(message.good);
        return;
      case 'rescind':
        this.rescinded(message.relid);
        return;
      case 'gpadl torndown':
        return;
      case 'unload complete':
        this.events.unloaded();
        return;
    }
  }

  private tryNextVersion(): void {
    this.tried++;
    const version = this.versions[this.tried];
    if (version === undefined) {
      this.events.connected(null);
      return;
    }
    this.port.use(version);
    const { interruptPage, monitorPage } = this.port;
    this.post({ type: 'initiate contact', version, interruptPage, monitorPage });
  }

  private versionAnswered(supported: boolean): void {
    if (!supported) {
      this.tryNextVersion();
      return;
    }
    this.events.connected(this.versions[this.tried]!);
    this.post({ type: 'request offers' });
  }

  private offered(offer: OfferedChannel): void {
    const found = this.driverFor(offer);
    if (found === null) return;
    const queue = found.late && this.later !== null ? this.later : this.waiting;
    queue.push({ offer, driver: found.driver });
    if (this.allOffered) this.openNext();
  }

  /** One device after the other, as they were offered. */
  private openNext(): void {
    if (this.opening !== null) return;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      const { driver, offer } = next;
      const ringPages = 1 + driver.ringBytes / 4096;
      const frame = this.frames.get(driver) ?? this.memory.allocate(2 * ringPages);
      if (frame < 0) {
        driver.gone();
        continue;
      }
      this.frames.set(driver, frame);
      const gpadl = this.nextGpadl++;
      this.opening = { driver, offer, gpadl, frame };
      this.bound.set(offer.relid, this.opening);
      for (const ring of this.rings(this.opening)) ring.initialize();
      for (const message of gpadlMessages(offer.relid, gpadl, frame, 2 * ringPages)) this.post(message);
      return;
    }
    this.events.opened();
  }

  private gpadlCreated(good: boolean): void {
    const { opening } = this;
    invariant(opening !== null, 'the host created a GPADL that nobody shared');
    if (!good) {
      this.openAnswered(false);
      return;
    }
    const { driver, offer, gpadl } = opening;
    const downstreamPage = 1 + driver.ringBytes / 4096;
    this.post({
      type: 'open channel',
      relid: offer.relid,
      openId: offer.relid,
      gpadl,
      targetVp: driver.vp,
      downstreamPage,
    });
  }

  private openAnswered(good: boolean): void {
    const { opening } = this;
    invariant(opening !== null, 'the host opened a channel that nobody asked for');
    this.opening = null;
    const { driver, offer } = opening;
    if (good) {
      const [outgoing, incoming] = this.rings(opening);
      const monitored = offer.monitor !== null;
      const channel = { outgoing, incoming, monitored, signalHost: () => this.port.signal(offer) };
      if (driver.opened(channel)) {
        if (monitored) channel.signalHost();
        else this.calls.push(channel.signalHost);
      }
    } else {
      this.bound.delete(offer.relid);
      driver.gone();
    }
    this.openNext();
  }

  /** Closes the channel, takes the rings back and gives the relation id up, in this order. */
  private rescinded(relid: number): void {
    const gone = this.bound.get(relid);
    if (gone) {
      this.bound.delete(relid);
      // One that is being opened hears of it by the host's refusal.
      if (gone !== this.opening) gone.driver.gone();
      this.post({ type: 'close channel', relid });
      this.post({ type: 'gpadl teardown', relid, gpadl: gone.gpadl });
    } else this.forget(relid);
    this.post({ type: 'relid released', relid });
  }

  /** It was not its turn yet. */
  private forget(relid: number): void {
    for (const queue of [this.waiting, this.later ?? []]) {
      const at = queue.findIndex(({ offer }) => offer.relid === relid);
      if (at >= 0) queue.splice(at, 1)[0]!.driver.gone();
    }
  }

  private rings({ driver, frame }: Bound): [outgoing: RingBuffer, incoming: RingBuffer] {
    const pages = 1 + driver.ringBytes / 4096;
    const frames = (from: number) => Array.from({ length: pages }, (_, i) => from + i);
    const ring = (from: number) => new RingBuffer(sharedBytes(this.memory, frames(from)));
    return [ring(frame), ring(frame + pages)];
  }

  private post(message: GuestMessage): void {
    const modern = this.versions[this.tried]! >= VERSION_5_0;
    this.calls.push(() => this.port.post(modern ? 4 : 1, encodeMessage(message)));
  }

  private callsLeft(): DriverOutcome {
    return this.calls.length > 0 ? SIGNAL : DONE;
  }
}

function invariantNoTransfers(): number {
  invariant(false, 'the driver of the bus carries no requests');
  return 0;
}
