import { invariant } from '../defect.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { Channel, ChannelEnd } from '../vmbus/channel.js';
import { COMPLETION_REQUESTED, PacketType, RingPacket } from '../vmbus/ring-packet.js';
import { DONE, type DriverHost, type DriverOutcome, type GuestDevice, SIGNAL, type Transfer } from './guest-device.js';

/** What a VSC costs its VP. */
export interface ClientCosts {
  request: Cost;
  completion: Cost;
  interrupt: Cost;
}

/** Fills a packet body for a transfer; returns its length. */
export type Encode = (body: Uint8Array, transfer: Transfer) => number;

/** The child's end of a channel, a virtualization service client (VSC): one ring out, one ring in. */
export class ServiceClient implements GuestDevice, ChannelEnd {
  index = -1;
  private readonly answer = new RingPacket();
  private readonly command = new RingPacket(MAXIMUM_BODY_BYTES);
  /** Transfers that found the ring full, oldest first. */
  private readonly waiting: Transfer[] = [];

  constructor(
    readonly channel: Channel,
    private readonly guest: DriverHost,
    private readonly costs: ClientCosts,
    readonly maximumBytes: number,
    private readonly packetType: number,
    private readonly encode: Encode,
    private readonly isGood: (answer: Uint8Array) => boolean,
  ) {
    channel.child = this;
  }

  issueNs(): number {
    return this.costs.request.charge();
  }

  issue(transfer: Transfer): DriverOutcome {
    if (this.waiting.length > 0) {
      this.waiting.push({ ...transfer });
      return DONE;
    }
    return this.put(transfer);
  }

  signal(): void {
    this.channel.signalHost();
  }

  access(): number {
    invariant(false, 'a synthetic device has no registers');
    return 0;
  }

  accessed(): void {}

  afterAccesses(): DriverOutcome {
    return DONE;
  }

  /** The host has answered, or there is room again. */
  signalled(): void {
    this.guest.raise(this);
  }

  interruptNs(): number {
    return this.costs.interrupt.charge();
  }

  acknowledge(): DriverOutcome {
    const { childReads } = this.channel;
    let outcome = childReads.read(this.answer);
    while (outcome === 'packet') {
      this.guest.transferred(this.answer.transaction, this.isGood(this.answer.body));
      outcome = childReads.read(this.answer);
    }
    invariant(outcome === 'empty', 'the host wrote nonsense into a ring');
    let todo: DriverOutcome = childReads.takeRoomSignal() ? SIGNAL : DONE;
    while (this.waiting.length > 0) {
      const result = this.put(this.waiting[0]!, false);
      if (result === FULL) break;
      this.waiting.shift();
      if (result === SIGNAL) todo = SIGNAL;
    }
    return todo;
  }

  private put(transfer: Transfer, keep = true): DriverOutcome | typeof FULL {
    if (!this.channel.open) return DONE;
    const { command } = this;
    command.type = this.packetType;
    command.flags = COMPLETION_REQUESTED;
    command.transaction = transfer.request;
    command.bodyBytes = this.encode(command.body, transfer);
    const outcome = this.channel.childWrites.write(command);
    invariant(outcome !== 'corrupt', 'the host wrote nonsense into a ring');
    if (outcome === 'signal') return SIGNAL;
    if (outcome === 'written') return DONE;
    if (keep) this.waiting.push({ ...transfer });
    return keep ? DONE : FULL;
  }
}

const FULL = -2;

/** Two pages of ranges and commands: more than the longest either driver writes. */
const MAXIMUM_BODY_BYTES = 4096;

/** The packet types a client writes. */
export const STORAGE_PACKET = PacketType.GpaDirect;
export const NETWORK_PACKET = PacketType.InBand;
