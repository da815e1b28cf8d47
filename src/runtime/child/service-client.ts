import { invariant } from '../defect.js';
import type { Cost } from '../trace/cost-ledger.js';
import { type Channel, type ChannelEnd, MAXIMUM_BODY_BYTES } from '../vmbus/channel.js';
import { FLAG_COMPLETION_REQUESTED, type Packet, PacketType } from '../vmbus/ring-buffer.js';
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
  private readonly packet: Packet;
  private readonly body: Uint8Array;
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
    this.packet = channel.createPacket();
    this.body = new Uint8Array(MAXIMUM_BODY_BYTES);
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
    let outcome = childReads.read(this.packet);
    while (outcome === 'packet') {
      this.guest.transferred(this.packet.transactionId, this.isGood(this.packet.body));
      outcome = childReads.read(this.packet);
    }
    invariant(outcome === 'empty', 'the host wrote nonsense into a ring');
    let todo: DriverOutcome = childReads.writerWaitsForRoom() ? SIGNAL : DONE;
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
    const length = this.encode(this.body, transfer);
    const ring = this.channel.childWrites;
    const outcome = ring.write(this.packetType, FLAG_COMPLETION_REQUESTED, transfer.request, this.body, length);
    invariant(outcome !== 'corrupt', 'the host wrote nonsense into a ring');
    if (outcome === 'signal') return SIGNAL;
    if (outcome === 'ok') return DONE;
    if (keep) this.waiting.push({ ...transfer });
    return keep ? DONE : FULL;
  }
}

const FULL = -2;

/** The packet types a client writes. */
export const STORAGE_PACKET = PacketType.GpaDirect;
export const NETWORK_PACKET = PacketType.InBand;
