import { invariant } from '../defect.js';
import type { Cost } from '../trace/cost-ledger.js';
import { RingPacket } from '../vmbus/ring-packet.js';
import type { Traffic } from '../vmbus/traffic.js';
import { DONE, type DriverHost, type DriverOutcome, SIGNAL, type Transfer } from './guest-device.js';
import { RegisterlessDriver } from './registerless-driver.js';
import type { ChannelDriver, GuestChannel } from './vmbus/guest-channel.js';

/** What a VSC costs its VP. */
export interface ClientCosts {
  request: Cost;
  interrupt: Cost;
}

/** What a kind of VSC says over its channel. */
export interface ClientProtocol {
  /** What comes before any transfer: fills the packet for each step and gets the answer, which was a good one. */
  handshake(packet: RingPacket): Handshake;
  /** Fills the packet of a transfer, all but its transaction id. */
  request(packet: RingPacket, transfer: Transfer): void;
  /** Is this answer a success? */
  good(answer: RingPacket): boolean;
  /** Does it say that the device behind has failed? */
  failed(answer: RingPacket): boolean;
}

export type Handshake = Generator<void, void, RingPacket>;

/** Nothing has to be said before the first transfer. */
export function* noHandshake(): Handshake {}

/** Where the requests of the guest begin among the transaction ids; those before are the handshake's. */
const FIRST_REQUEST = 16;

/** The child's end of a channel, a virtualization service client (VSC): one ring out, one ring in. */
export class ServiceClient extends RegisterlessDriver implements ChannelDriver {
  /** Whether it carries requests: the channel is open and the handshake done. */
  ready = false;
  /** It was ready before, if it is not now. */
  wasReady = false;
  /** Packets that were written into the ring, and answers that came back. */
  asked = 0;
  heard = 0;
  channel: GuestChannel | null = null;
  protected readonly answer = new RingPacket();
  private readonly command = new RingPacket(MAXIMUM_BODY_BYTES);
  /** Transfers that found the ring full, oldest first. */
  private readonly waiting: Transfer[] = [];
  /** Requests whose transfer was issued and not answered. */
  private readonly outstanding = new Set<number>();
  private handshake: Handshake = noHandshake();

  constructor(
    protected readonly guest: DriverHost,
    private readonly costs: ClientCosts,
    readonly vp: number,
    readonly ringBytes: number,
    readonly maximumBytes: number,
    private readonly protocol: ClientProtocol,
    private readonly traffic: Traffic,
    /** It is ready now, or never will be. */
    private readonly settled: () => void,
  ) {
    super();
  }

  // --- ChannelDriver ------------------------------------------------------------------------------------------

  opened(channel: GuestChannel): boolean {
    this.channel = channel;
    this.handshake = this.protocol.handshake(this.command);
    return this.advanceHandshake(0) === SIGNAL;
  }

  signalled(): void {
    this.traffic.signals++;
    this.guest.raise(this, this.vp);
  }

  /** Whoever waits for an answer gets an error. */
  gone(): void {
    const wasReady = this.ready;
    this.channel = null;
    this.ready = false;
    this.asked = 0;
    this.heard = 0;
    this.waiting.length = 0;
    const lost = [...this.outstanding];
    this.outstanding.clear();
    for (const request of lost) this.guest.transferred(request, false);
    if (!wasReady) this.settled();
  }

  // --- GuestDevice --------------------------------------------------------------------------------------------

  get monitored(): boolean {
    return this.channel?.monitored ?? false;
  }

  issueNs(): number {
    return this.costs.request.charge();
  }

  issue(transfer: Transfer): DriverOutcome {
    this.outstanding.add(transfer.request);
    if (this.waiting.length > 0) {
      this.waiting.push({ ...transfer });
      return DONE;
    }
    return this.put(transfer);
  }

  signal(): DriverOutcome {
    this.traffic.signals++;
    this.channel?.signalHost();
    return DONE;
  }

  interruptNs(): number {
    return this.costs.interrupt.charge();
  }

  acknowledge(): DriverOutcome {
    if (this.channel === null) return DONE;
    const { incoming } = this.channel;
    let todo: DriverOutcome = DONE;
    while (this.mayRead()) {
      const outcome = incoming.read(this.answer);
      invariant(outcome !== 'corrupt', 'the host wrote nonsense into a ring');
      if (outcome !== 'packet') break;
      if (this.take() === SIGNAL) todo = SIGNAL;
    }
    if (incoming.takeRoomSignal()) todo = SIGNAL;
    while (this.waiting.length > 0) {
      const result = this.put(this.waiting[0]!, false);
      if (result === FULL) break;
      this.waiting.shift();
      if (result === SIGNAL) todo = SIGNAL;
    }
    return todo;
  }

  /** False: what else is in the ring waits for the next interrupt. */
  protected mayRead(): boolean {
    return true;
  }

  // --- packets ------------------------------------------------------------------------------------------------

  protected take(): DriverOutcome {
    this.heard++;
    const { answer } = this;
    const { transaction } = answer;
    const good = this.protocol.good(answer);
    if (transaction < FIRST_REQUEST) {
      invariant(good, 'a host refused the handshake of a modelled driver');
      return this.advanceHandshake(transaction);
    }
    invariant(good || this.protocol.failed(answer), 'a well-formed command was refused');
    this.outstanding.delete(transaction - FIRST_REQUEST);
    this.guest.transferred(transaction - FIRST_REQUEST, good);
    return DONE;
  }

  /** Sends the packet after the first `done` ones. */
  private advanceHandshake(done: number): DriverOutcome {
    if (this.handshake.next(this.answer).done) {
      this.ready = true;
      this.wasReady = true;
      this.settled();
      return DONE;
    }
    this.command.transaction = done + 1;
    return this.write() === 'signal' ? SIGNAL : DONE;
  }

  private put(transfer: Transfer, keep = true): DriverOutcome | typeof FULL {
    if (this.channel === null) return DONE;
    this.protocol.request(this.command, transfer);
    this.command.transaction = transfer.request + FIRST_REQUEST;
    const outcome = this.write();
    if (outcome === 'full') {
      if (keep) this.waiting.push({ ...transfer });
      return keep ? DONE : FULL;
    }
    return outcome === 'signal' ? SIGNAL : DONE;
  }

  private write(): 'written' | 'signal' | 'full' {
    const outcome = this.channel!.outgoing.write(this.command);
    invariant(outcome !== 'corrupt', 'the host wrote nonsense into a ring');
    if (outcome !== 'full') this.asked++;
    return outcome;
  }
}

const FULL = -2;

/** The longest command of either driver: the pages of half a megabyte, and the request. */
const MAXIMUM_BODY_BYTES = 4096;
