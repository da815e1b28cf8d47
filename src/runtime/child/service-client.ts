import { invariant } from '../defect.js';
import type { Cost } from '../trace/cost-ledger.js';
import { PacketType, RingPacket } from '../vmbus/ring-packet.js';
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
  /** What comes before any transfer; every answer is a good one. */
  handshake(packet: RingPacket): Conversation;
  /** What it asks when the host has told it, unasked, that something about the device has changed. */
  look?(packet: RingPacket): Conversation;
  /** Fills the packet of a transfer, all but its transaction id. */
  request(packet: RingPacket, transfer: Transfer): void;
  /** Is this answer a success? */
  good(answer: RingPacket): boolean;
  /** Does it say that the device behind has failed? */
  failed(answer: RingPacket): boolean;
}

/** Fills the packet for each step and gets the answer. */
export type Conversation = Generator<void, void, RingPacket>;

/** Nothing has to be said before the first transfer. */
export function* noHandshake(): Conversation {}

/** Where the requests of the guest begin among the transaction ids. */
const FIRST_REQUEST = 16;
/** What a conversation says next, one after the other. */
const CONVERSATION = 1;

/** The child's end of a channel, a virtualization service client (VSC): one ring out, one ring in. */
export class ServiceClient extends RegisterlessDriver implements ChannelDriver {
  /** Whether it carries requests: the channel is open and the handshake done. */
  ready = false;
  /** It was ready before, if it is not now. */
  wasReady = false;
  /** Packets that were written into the ring, and answers that came back. */
  asked = 0;
  heard = 0;
  /** Packets of the host that nobody asked for. */
  notices = 0;
  channel: GuestChannel | null = null;
  protected readonly answer = new RingPacket();
  private readonly command = new RingPacket(MAXIMUM_BODY_BYTES);
  /** Transfers that found the ring full, oldest first. */
  private readonly waiting: Transfer[] = [];
  /** Requests whose transfer was issued and not answered. */
  private readonly outstanding = new Set<number>();
  private conversation: Conversation = noHandshake();
  private conversing = false;
  private readonly saying = new RingPacket(SAYING_BYTES);
  /** What it says next found the ring full. */
  private unsaid = false;
  /** The host told it to look while it was conversing. */
  private mustLook = false;

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
    return this.converse(this.protocol.handshake(this.saying)) === SIGNAL;
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
    this.notices = 0;
    this.conversing = false;
    this.unsaid = false;
    this.mustLook = false;
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
    if (this.unsaid && this.say() === SIGNAL) todo = SIGNAL;
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
    const { answer } = this;
    if (answer.type === PacketType.InBand) {
      this.notices++;
      return this.look();
    }
    this.heard++;
    const { transaction } = answer;
    const good = this.protocol.good(answer);
    if (transaction === CONVERSATION) {
      invariant(good || this.ready, 'a host refused the handshake of a modelled driver');
      return this.goOn();
    }
    invariant(good || this.protocol.failed(answer), 'a well-formed command was refused');
    this.outstanding.delete(transaction - FIRST_REQUEST);
    this.guest.transferred(transaction - FIRST_REQUEST, good);
    return DONE;
  }

  // --- conversations ------------------------------------------------------------------------------------------

  /** Looks what has changed, now or when it has said what it is saying. */
  private look(): DriverOutcome {
    this.mustLook = this.conversing;
    if (this.conversing || this.protocol.look === undefined) return DONE;
    return this.converse(this.protocol.look(this.saying));
  }

  private converse(conversation: Conversation): DriverOutcome {
    this.conversation = conversation;
    this.conversing = true;
    return this.goOn();
  }

  /** Says what comes next; after the first conversation the driver is ready. */
  private goOn(): DriverOutcome {
    if (!this.conversation.next(this.answer).done) return this.say();
    this.conversing = false;
    if (!this.ready) {
      this.ready = true;
      this.wasReady = true;
      this.settled();
    }
    return this.mustLook ? this.look() : DONE;
  }

  private say(): DriverOutcome {
    this.saying.transaction = CONVERSATION;
    const outcome = this.write(this.saying);
    this.unsaid = outcome === 'full';
    return outcome === 'signal' ? SIGNAL : DONE;
  }

  // --- transfers ----------------------------------------------------------------------------------------------

  private put(transfer: Transfer, keep = true): DriverOutcome | typeof FULL {
    if (this.channel === null) return DONE;
    this.protocol.request(this.command, transfer);
    this.command.transaction = transfer.request + FIRST_REQUEST;
    const outcome = this.write(this.command);
    if (outcome === 'full') {
      if (keep) this.waiting.push({ ...transfer });
      return keep ? DONE : FULL;
    }
    return outcome === 'signal' ? SIGNAL : DONE;
  }

  private write(packet: RingPacket): 'written' | 'signal' | 'full' {
    const outcome = this.channel!.outgoing.write(packet);
    invariant(outcome !== 'corrupt', 'the host wrote nonsense into a ring');
    if (outcome !== 'full') this.asked++;
    return outcome;
  }
}

const FULL = -2;

/** The longest command of either driver: the pages of half a megabyte, and the request. */
const MAXIMUM_BODY_BYTES = 4096;
/** The longest that is said in a conversation. */
const SAYING_BYTES = 128;
