import { invariant } from '../defect.js';
import type { Cost } from '../trace/cost-ledger.js';
import { BALLOON_VERSIONS, type GuestPages, rangesOf } from '../vmbus/balloon-messages.js';
import { PacketType, RingPacket } from '../vmbus/ring-packet.js';
import type { Traffic } from '../vmbus/traffic.js';
import {
  balloonResponse,
  capabilitiesReport,
  decodeHostMessage,
  type FromHost,
  hotAddResponse,
  statusReport,
  unballoonResponse,
  versionRequest,
} from './balloon-protocol.js';
import { DONE, type DriverHost, type DriverOutcome, SIGNAL } from './guest-device.js';
import { RegisterlessDriver } from './registerless-driver.js';
import type { ChannelDriver, GuestChannel } from './vmbus/guest-channel.js';

export interface BalloonCosts {
  interrupt: Cost;
  message: Cost;
  /** Each page that is given up or taken back. */
  page: Cost;
}

/** What the driver asks of the guest and its clock. */
export interface BalloonGuest {
  /** What the guest knew as its memory when it loaded the driver. */
  readonly bootPages: number;
  /** What its balloon held then: nothing, unless it had been at work on another host. */
  readonly balloonPages: number;
  demandPages(): number;
  /** Finding free pages takes time: calls {@link BalloonDriver.found} when that many are found. */
  findPages(pages: number): void;
}

/** A message that the guest is going to write, and the pages it has to touch before. */
interface Outgoing {
  pages: number;
  build(transaction: number): Uint8Array;
}

/**
 * The driver of dynamic memory in a guest: agrees on a version, tells the host once a second what the guest needs, gives up
 * its highest pages when it is asked to, and takes pages that it is given.
 */
export class BalloonDriver extends RegisterlessDriver implements ChannelDriver {
  readonly maximumBytes = 0;
  readonly vp = 0;
  channel: GuestChannel | null = null;
  private readonly packet = new RingPacket();
  private readonly outbox: Outgoing[] = [];
  private transaction = 0;
  /** Versions that the host has refused, from the newest on. */
  private refused = 0;
  private isSettled = false;
  /** All that the guest has ever seen, and what of it is in the balloon: the highest pages. */
  private pages = 0;
  private ballooned = 0;

  constructor(
    private readonly host: DriverHost,
    private readonly guest: BalloonGuest,
    private readonly costs: BalloonCosts,
    readonly ringBytes: number,
    private readonly traffic: Traffic,
    /** The handshake is done, or never will be. */
    private readonly settled: () => void,
  ) {
    super();
  }

  opened(channel: GuestChannel): boolean {
    this.channel = channel;
    this.pages = this.guest.bootPages;
    this.ballooned = this.guest.balloonPages;
    return this.write(this.nextVersion()) === SIGNAL;
  }

  gone(): void {
    this.channel = null;
    this.settle();
  }

  /** The guest's timer says that it is time for a status. */
  report(): void {
    const committed = () => this.guest.demandPages() + this.ballooned;
    const available = () => Math.max(0, this.pages - committed());
    this.say(0, (transaction) => statusReport(available(), committed(), transaction));
  }

  /** The guest has found the pages it was asked for. */
  found(pages: number): void {
    this.say(pages, (transaction) => {
      this.ballooned += pages;
      return balloonResponse(rangesOf({ start: this.pages - this.ballooned, count: pages }), transaction);
    });
  }

  signalled(): void {
    this.traffic.signals++;
    this.host.raise(this, this.vp);
  }

  interruptNs(): number {
    const pages = this.outbox.reduce((sum, message) => sum + message.pages, 0);
    const { interrupt, message, page } = this.costs;
    return interrupt.charge() + message.charge(this.outbox.length) + page.charge(pages);
  }

  acknowledge(): DriverOutcome {
    const { channel } = this;
    if (channel === null) return DONE;
    let outcome: DriverOutcome = DONE;
    for (const message of this.outbox.splice(0)) if (this.write(message) === SIGNAL) outcome = SIGNAL;
    this.readRequests(channel);
    return outcome;
  }

  signal(): DriverOutcome {
    this.traffic.signals++;
    this.channel?.signalHost();
    return DONE;
  }

  issueNs(): number {
    return 0;
  }

  issue(): DriverOutcome {
    return DONE;
  }

  private readRequests({ incoming }: GuestChannel): void {
    const { packet } = this;
    let outcome = incoming.read(packet);
    while (outcome === 'packet') {
      const message = decodeHostMessage(packet.body.subarray(packet.payloadAt, packet.bodyBytes));
      invariant(message !== null, 'the host sent nonsense over the memory channel');
      this.take(message);
      outcome = incoming.read(packet);
    }
    invariant(outcome === 'empty', 'the host wrote nonsense into a ring');
  }

  private take(message: FromHost): void {
    switch (message.type) {
      case 'version answered':
        if (!message.accepted) this.refused++;
        if (message.accepted) this.say(0, capabilitiesReport);
        else if (this.refused === BALLOON_VERSIONS.length) this.settle();
        else this.say(0, this.nextVersion().build);
        break;
      case 'capabilities answered':
        this.settle();
        break;
      case 'balloon':
        this.guest.findPages(message.pages);
        break;
      case 'unballoon':
        this.takeBack(message.ranges);
        break;
      case 'hot add':
        this.pages += message.pages.count;
        this.say(message.pages.count, (transaction) => hotAddResponse(message.pages.count, transaction));
        break;
    }
  }

  /** The pages are there already; what the guest does to use them is paid at its next interrupt. */
  private takeBack(ranges: readonly GuestPages[]): void {
    const pages = ranges.reduce((sum, { count }) => sum + count, 0);
    invariant(pages <= this.ballooned, 'the host gives back pages that the balloon does not hold');
    this.ballooned -= pages;
    this.say(pages, unballoonResponse);
  }

  private nextVersion(): Outgoing {
    const newest = BALLOON_VERSIONS.length - 1 - this.refused;
    return { pages: 0, build: (transaction) => versionRequest(BALLOON_VERSIONS[newest]!, newest === 0, transaction) };
  }

  private say(pages: number, build: Outgoing['build']): void {
    this.outbox.push({ pages, build });
    this.host.raise(this, this.vp);
  }

  /** A few short messages are under way at most, which any ring has room for. */
  private write({ build }: Outgoing): DriverOutcome {
    const payload = build(++this.transaction);
    const { packet } = this;
    packet.reserve(payload.length);
    packet.body.set(payload);
    packet.type = PacketType.InBand;
    packet.flags = 0;
    packet.transaction = this.transaction;
    packet.payloadAt = 0;
    packet.bodyBytes = payload.length;
    const outcome = this.channel!.outgoing.write(packet);
    invariant(outcome !== 'corrupt', 'the host wrote nonsense into a ring');
    return outcome === 'signal' ? SIGNAL : DONE;
  }

  private settle(): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.settled();
  }
}
