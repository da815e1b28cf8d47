import { invariant } from '../defect.js';
import type { Cost } from '../trace/cost-ledger.js';
import { decodeMemoryMessage, encodeMemoryMessage, MemoryMessage } from '../vmbus/memory-protocol.js';
import { RingPacket } from '../vmbus/ring-packet.js';
import type { Traffic } from '../vmbus/traffic.js';
import { DONE, type DriverHost, type DriverOutcome, SIGNAL } from './guest-device.js';
import type { ChannelDriver, GuestChannel } from './vmbus/guest-channel.js';

export interface BalloonCosts {
  interrupt: Cost;
  message: Cost;
  /** Each page that is given up or taken back. */
  page: Cost;
}

/** What the driver asks of the guest and its clock. */
export interface BalloonGuest {
  demandPages(): number;
  /** Finding free pages takes time: calls {@link BalloonDriver.found} when that many are found. */
  findPages(pages: number): void;
}

/**
 * The driver of dynamic memory in a guest: tells the host once a second what the guest needs, gives up pages when it is
 * asked to, and takes pages that it is given.
 */
export class BalloonDriver implements ChannelDriver {
  index = -1;
  readonly maximumBytes = 0;
  readonly vp = 0;
  channel: GuestChannel | null = null;
  private readonly request = new RingPacket();
  private readonly message = new RingPacket();
  private statusDue = false;
  /** Pages of the request under way that are found, or taken, and not answered for. */
  private foundPages = 0;
  private takenPages = 0;
  private takenAs: MemoryMessage = MemoryMessage.UnballoonResponse;

  constructor(
    private readonly host: DriverHost,
    private readonly guest: BalloonGuest,
    private readonly costs: BalloonCosts,
    readonly ringBytes: number,
    private readonly traffic: Traffic,
    /** The channel is open, or never will be. */
    private readonly settled: () => void,
  ) {}

  opened(channel: GuestChannel): boolean {
    this.channel = channel;
    this.settled();
    return false;
  }

  gone(): void {
    if (this.channel === null) this.settled();
    this.channel = null;
  }

  /** The guest's timer says that it is time for a status. */
  report(): void {
    this.statusDue = true;
    this.host.raise(this, this.vp);
  }

  /** The guest has found the pages it was asked for. */
  found(pages: number): void {
    this.foundPages = pages;
    this.host.raise(this, this.vp);
  }

  signalled(): void {
    this.traffic.signals++;
    this.host.raise(this, this.vp);
  }

  interruptNs(): number {
    const messages = (this.statusDue ? 1 : 0) + (this.foundPages > 0 ? 1 : 0) + (this.takenPages > 0 ? 1 : 0);
    return (
      this.costs.interrupt.charge() +
      this.costs.message.charge(messages) +
      this.costs.page.charge(this.foundPages + this.takenPages)
    );
  }

  acknowledge(): DriverOutcome {
    if (this.channel === null) return DONE;
    let outcome: DriverOutcome = DONE;
    const answer = (type: MemoryMessage, pages: number) => {
      if (this.write(type, pages) === SIGNAL) outcome = SIGNAL;
    };
    if (this.foundPages > 0) answer(MemoryMessage.BalloonResponse, this.foundPages);
    this.foundPages = 0;
    if (this.takenPages > 0) answer(this.takenAs, this.takenPages);
    this.takenPages = 0;
    if (this.statusDue) answer(MemoryMessage.Status, this.guest.demandPages());
    this.statusDue = false;
    this.readRequests(this.channel);
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

  access(): number {
    invariant(false, 'a synthetic device has no registers');
    return 0;
  }

  accessed(): void {}

  afterAccesses(): DriverOutcome {
    return DONE;
  }

  private readRequests({ incoming }: GuestChannel): void {
    let outcome = incoming.read(this.request);
    while (outcome === 'packet') {
      const message = decodeMemoryMessage(this.request);
      invariant(message !== null, 'the host sent nonsense over the memory channel');
      if (message.type === MemoryMessage.BalloonRequest) this.guest.findPages(message.pages);
      else this.take(message.type, message.pages);
      outcome = incoming.read(this.request);
    }
    invariant(outcome === 'empty', 'the host wrote nonsense into a ring');
  }

  /** The pages are there already; what the guest does to use them is paid at its next interrupt. */
  private take(type: number, pages: number): void {
    this.takenPages = pages;
    this.takenAs =
      type === MemoryMessage.HotAddRequest ? MemoryMessage.HotAddResponse : MemoryMessage.UnballoonResponse;
    this.host.raise(this, this.vp);
  }

  /** At most three short messages are under way, which any ring has room for. */
  private write(type: MemoryMessage, pages: number): DriverOutcome {
    encodeMemoryMessage(this.message, type, pages);
    const outcome = this.channel!.outgoing.write(this.message);
    invariant(outcome !== 'corrupt', 'the host wrote nonsense into a ring');
    return outcome === 'signal' ? SIGNAL : DONE;
  }
}
