import { GpaOutOfRange, type GuestMemory } from '../../child/cpu-port.js';
import { hex, type PlainState, type StateReader } from '../../child/snapshot/plain-state.js';
import type { RingBuffer } from '../ring-buffer.js';
import { type PacketBody, RingPacket } from '../ring-packet.js';
import { SharedBuffer } from './shared-buffer.js';

/** Packets that wait for room in the guest's ring; a guest that never reads loses its channel. */
const MAX_BACKLOG = 256;

/** A packet of the guest, for those who keep it for a while: a copy that nobody changes. */
export interface Packet extends PacketBody {
  completionRequested: boolean;
  transactionId: bigint;
  /** What lies between the descriptor and the payload: the ranges of a GPA-direct or a transfer-page packet. */
  ranges: Uint8Array;
  payload: Uint8Array;
}

const NO_RANGES = new Uint8Array(0);

export interface ChannelHost {
  /** Interrupts the guest for this channel. */
  interrupt(): void;
  /** The channel is broken and closes; the partition lives on. */
  broken(reason: string): void;
  /** The pages of a buffer that the guest shares for this channel, as frame numbers; null: there is no such buffer. */
  pages(gpadl: number): readonly number[] | null;
  /** Offers the guest this many further channels of the same device, as far as there is room. */
  offerSubChannels(count: number): void;
}

/** The host's end of an open channel. What a guest does wrong ends here and breaks this channel alone. */
export class HostChannel {
  /** Packets either way, and interrupts of the guest; counted while the channel is open. */
  readonly traffic = { fromGuest: 0, toGuest: 0, interrupts: 0 };
  private open = true;
  private readonly backlog: RingPacket[] = [];
  private readonly scratch = new RingPacket();

  constructor(
    readonly memory: GuestMemory,
    readonly fromGuest: RingBuffer,
    readonly toGuest: RingBuffer,
    private readonly host: ChannelHost,
  ) {}

  /** The next packet from the guest, or null when there is none or the channel is broken. */
  receive(): Packet | null {
    const { scratch } = this;
    if (!this.receiveInto(scratch)) return null;
    if (this.fromGuest.takeRoomSignal()) this.interrupt();
    const { type, completionRequested, payloadAt, bodyBytes } = scratch;
    const body = scratch.body.slice(0, bodyBytes);
    return {
      type,
      completionRequested,
      transactionId: (BigInt(scratch.transactionHigh) << 32n) | BigInt(scratch.transactionLow),
      body,
      view: new DataView(body.buffer),
      bodyBytes,
      payloadAt,
      ranges: body.subarray(0, payloadAt),
      payload: body.subarray(payloadAt),
    };
  }

  /** The same without allocating anything; who calls tells the guest of room that it waits for. */
  receiveInto(packet: RingPacket): boolean {
    if (!this.isReachable) return false;
    try {
      const outcome = this.fromGuest.read(packet);
      if (outcome === 'corrupt') this.fail(this.fromGuest.fault);
      if (outcome === 'packet') this.traffic.fromGuest++;
      return outcome === 'packet';
    } catch (error) {
      return this.lost(error);
    }
  }

  /** Sends, or keeps the packet until the guest has made room. Does nothing on a closed channel. */
  send(type: number, flags: number, transactionId: bigint, payload: Uint8Array, ranges: Uint8Array = NO_RANGES): void {
    if (!this.open) return;
    const bytes = ranges.length + payload.length;
    if (bytes > this.toGuest.largestBody) {
      this.fail(`a packet of ${bytes} bytes does not fit the guest's ring`);
      return;
    }
    const packet = new RingPacket(bytes);
    packet.type = type;
    packet.flags = flags;
    packet.transactionLow = Number(transactionId & 0xffffffffn);
    packet.transactionHigh = Number((transactionId >> 32n) & 0xffffffffn);
    packet.body.set(ranges);
    packet.body.set(payload, ranges.length);
    packet.payloadAt = ranges.length;
    packet.bodyBytes = bytes;
    this.backlog.push(packet);
    if (this.backlog.length > MAX_BACKLOG) this.fail(`the guest left ${MAX_BACKLOG} packets unread`);
    else this.flush();
  }

  /** Writes now, or says that there is no room; a packet that waits in line goes first. */
  trySend(packet: RingPacket): 'sent' | 'full' {
    if (!this.open || this.backlog.length > 0) return 'full';
    return this.put(packet) ? 'sent' : 'full';
  }

  /** Writes what waits for room, as far as it goes. */
  flush(): void {
    if (!this.open) return;
    for (let next = this.backlog[0]; next !== undefined && this.put(next); next = this.backlog[0]) this.backlog.shift();
  }

  /** Interrupts the guest for this channel. */
  interrupt(): void {
    if (!this.open) return;
    this.traffic.interrupts++;
    this.host.interrupt();
  }

  /** Packets wait until the guest makes room; it signals when it has. */
  get backlogged(): boolean {
    return this.backlog.length > 0;
  }

  /** A buffer that the guest shares for this channel, or null where there is none of that handle. */
  sharedBuffer(gpadl: number): SharedBuffer | null {
    const pages = this.host.pages(gpadl);
    return pages === null ? null : new SharedBuffer(this.memory, pages);
  }

  /** Offers the guest this many further channels of the device, beside those that are offered already. */
  offerSubChannels(count: number): void {
    if (this.open) this.host.offerSubChannels(count);
  }

  /** Breaks the channel because of what the guest sent. */
  fail(reason: string): void {
    if (!this.open) return;
    this.close();
    this.host.broken(reason);
  }

  close(): void {
    this.open = false;
    this.backlog.length = 0;
  }

  /** What waits for room; the rings themselves are guest memory. */
  save(): PlainState {
    return this.backlog.map(({ type, flags, transactionLow, transactionHigh, payloadAt, body, bodyBytes }) => ({
      type,
      flags,
      transactionLow,
      transactionHigh,
      payloadAt,
      body: hex(body.subarray(0, bodyBytes)),
    }));
  }

  /** Throws SnapshotError. */
  restore(state: StateReader): void {
    for (const saved of state.list(MAX_BACKLOG)) {
      const body = saved.at('body').bytes(this.toGuest.largestBody);
      const packet = new RingPacket(body.length);
      packet.type = saved.at('type').integer(0, 0xffff);
      packet.flags = saved.at('flags').integer(0, 0xffff);
      packet.transactionLow = saved.at('transactionLow').integer(0, 0xffffffff);
      packet.transactionHigh = saved.at('transactionHigh').integer(0, 0xffffffff);
      packet.payloadAt = saved.at('payloadAt').integer(0, body.length);
      packet.body.set(body);
      packet.bodyBytes = body.length;
      this.backlog.push(packet);
    }
  }

  get isOpen(): boolean {
    return this.open;
  }

  /** The rings are there: a guest that is saved keeps its channels, and takes its memory with it. */
  get isReachable(): boolean {
    return this.open && this.memory.bytes > 0;
  }

  private put(packet: RingPacket): boolean {
    if (!this.isReachable) return false;
    try {
      const outcome = this.toGuest.write(packet);
      if (outcome === 'corrupt') this.fail(this.toGuest.fault);
      if (outcome === 'signal') this.interrupt();
      const sent = outcome === 'written' || outcome === 'signal';
      if (sent) this.traffic.toGuest++;
      return sent;
    } catch (error) {
      return this.lost(error);
    }
  }

  /** Pages were checked when they were shared; should one of them be gone all the same, the channel goes, too. */
  private lost(error: unknown): false {
    if (!(error instanceof GpaOutOfRange)) throw error;
    this.fail(error.message);
    return false;
  }
}
