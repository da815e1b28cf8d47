import { bits, hex, type PlainState, type StateReader } from '../../../child/snapshot/plain-state.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import type { SharedBuffer } from '../../../vmbus/host/shared-buffer.js';
import { COMPLETION_REQUESTED, PacketType } from '../../../vmbus/ring-packet.js';
import type { EthernetFrame } from '../../ethernet/ethernet-frame.js';
import { finishOffload } from '../../ethernet/offload.js';
import type { NetworkVsp } from './network-vsp.js';
import * as nvsp from './nvsp.js';
import { ReceiveBuffer, type Reservation } from './receive-buffer.js';
import type { RndisAdapter } from './rndis-adapter.js';
import { encodeRndisPacket, rndisPacketBytes } from './rndis-packet.js';

/** A section holds one message: a large send where the buffer is big enough for some, else an ordinary frame. */
const LARGE_SECTION_BYTES = 65_536;
const SMALL_SECTION_BYTES = 2048;
const FEWEST_SECTIONS = 16;
const MAX_SECTIONS = 4096;

/** Packets that the guest has not completed yet, and messages in each. */
const MAX_UNDER_WAY = 64;
const MAX_MESSAGES = 64;
const MAX_PACKET_BYTES = 1 << 18;
/** Answers and indications that wait; a guest that asks without taking the answers loses its channel. */
const MAX_CONTROL = 64;
const MAX_CONTROL_BYTES = 1024;

/** Gives frames and RNDIS answers to the guest: through the receive buffer, as far as there is room. */
export class Receiver {
  private buffer: ReceiveBuffer | null = null;
  private readonly underWay = new Map<bigint, readonly Reservation[]>();
  private transaction = 0n;
  private readonly controls: Uint8Array[] = [];
  /** Messages of frames that were taken from the port and did not fit any more. */
  private readonly leftOver: Uint8Array[] = [];

  constructor(
    private readonly channel: HostChannel,
    private readonly vsp: NetworkVsp,
    private readonly adapter: RndisAdapter,
  ) {}

  /** The guest shares its receive buffer; null: there is one already, or it is none or too small. */
  share(shared: SharedBuffer | null, id: number): { bytes: number; count: number } | null {
    if (shared === null || this.buffer !== null) return null;
    const large = shared.bytes >= FEWEST_SECTIONS * LARGE_SECTION_BYTES;
    const bytes = large ? LARGE_SECTION_BYTES : SMALL_SECTION_BYTES;
    const count = Math.min(MAX_SECTIONS, Math.floor(shared.bytes / bytes));
    if (count < FEWEST_SECTIONS) return null;
    this.buffer = new ReceiveBuffer(shared, bytes, id);
    return { bytes, count };
  }

  revoke(): void {
    this.buffer = null;
    this.underWay.clear();
    this.leftOver.length = 0;
  }

  /** The guest has taken what was in that packet. */
  completed(transaction: bigint): void {
    const done = this.underWay.get(transaction);
    if (done === undefined || !this.underWay.delete(transaction)) return;
    for (const reservation of done) this.buffer?.release(reservation);
  }

  /** An answer or an indication, ahead of all frames. */
  control(message: Uint8Array): void {
    if (this.controls.push(message) > MAX_CONTROL) this.channel.fail('it asks and does not take the answers');
  }

  /** Hands over what waits, until the guest has no room. */
  pump(): void {
    const { buffer } = this;
    if (buffer === null) return;
    for (let control = this.controls[0]; control !== undefined && this.mayStart(); control = this.controls[0]) {
      const reservation = buffer.put(control);
      if (reservation === null) return;
      this.controls.shift();
      this.start(buffer, [reservation], true);
    }
    while (this.mayStart()) {
      const reservations = this.gather(buffer);
      if (reservations.length === 0) return;
      this.start(buffer, reservations, false);
    }
  }

  /** Answers are kept; frames that were taken from the switch and not handed over are lost, as on any network. */
  save(): PlainState {
    return {
      buffer: this.buffer?.save() ?? null,
      transaction: bits(this.transaction),
      underWay: [...this.underWay].map(([transaction, reservations]) => ({
        transaction: bits(transaction),
        offsets: reservations.map(({ offset }) => offset),
      })),
      controls: this.controls.map(hex),
    };
  }

  /** Goes on where `save` was, with the receive buffer that was shared then. Throws SnapshotError. */
  restore(state: StateReader): void {
    const held =
      state.at('buffer').orNull((saved) => this.buffer?.restore(saved) ?? null) ?? new Map<number, Reservation>();
    this.transaction = state.at('transaction').bits();
    for (const packet of state.at('underWay').list(MAX_UNDER_WAY)) {
      const offsets = packet.at('offsets').list(MAX_MESSAGES);
      const reservations = offsets.map((offset) => {
        const found = held.get(offset.integer(0, Number.MAX_SAFE_INTEGER));
        if (found === undefined) throw offset.wrong('is not in the receive buffer');
        return found;
      });
      this.underWay.set(packet.at('transaction').bits(), reservations);
    }
    this.controls.push(
      ...state
        .at('controls')
        .list(MAX_CONTROL)
        .map((control) => control.bytes(MAX_CONTROL_BYTES)),
    );
  }

  private mayStart(): boolean {
    return this.channel.isOpen && !this.channel.backlogged && this.underWay.size < MAX_UNDER_WAY;
  }

  private gather(buffer: ReceiveBuffer): Reservation[] {
    const reservations: Reservation[] = [];
    let bytes = 0;
    while (reservations.length < MAX_MESSAGES && bytes < MAX_PACKET_BYTES) {
      const message = this.nextMessage(buffer);
      if (message === null) break;
      const reservation = buffer.put(message);
      if (reservation === null) {
        this.leftOver.unshift(message);
        break;
      }
      reservations.push(reservation);
      bytes += message.length;
    }
    return reservations;
  }

  private nextMessage(buffer: ReceiveBuffer): Uint8Array | null {
    while (this.leftOver.length === 0) {
      const delivery = this.vsp.port?.take() ?? null;
      if (delivery === null) return null;
      const frames = this.adapter.wants(delivery.frame) ? this.asTaken(delivery.frame, buffer) : null;
      if (frames === null) this.vsp.counters.discarded++;
      else this.leftOver.push(...frames.map((frame) => this.received(frame, delivery.tag)));
    }
    return this.leftOver.shift() ?? null;
  }

  /** The frame in the form that this guest takes; null: there is none. */
  private asTaken(frame: EthernetFrame, buffer: ReceiveBuffer): EthernetFrame[] | null {
    const fits = (candidate: EthernetFrame) => rndisPacketBytes(candidate) <= buffer.sectionBytes;
    if (this.adapter.takesUnfinished(frame) && fits(frame)) return [frame];
    const frames = finishOffload(frame);
    return frames?.every(fits) ? frames : null;
  }

  private received(frame: EthernetFrame, tag: number | null): Uint8Array {
    this.vsp.counters.receivedFrames++;
    this.vsp.counters.receivedBytes += frame.bytes;
    return encodeRndisPacket(frame, tag);
  }

  private start(buffer: ReceiveBuffer, reservations: Reservation[], control: boolean): void {
    const transaction = ++this.transaction;
    this.underWay.set(transaction, reservations);
    const { TransferPages } = PacketType;
    const ranges = transferRanges(buffer.id, reservations);
    this.channel.send(TransferPages, COMPLETION_REQUESTED, transaction, nvsp.rndisPacket(control), ranges);
  }
}

/** Which parts of the buffer a packet is about: identifier, count, then length and offset of each. */
function transferRanges(id: number, reservations: readonly Reservation[]): Uint8Array {
  const ranges = new Uint8Array(8 + reservations.length * 8);
  const view = new DataView(ranges.buffer);
  view.setUint16(0, id, true);
  view.setUint32(4, reservations.length, true);
  for (const [index, { bytes, offset }] of reservations.entries()) {
    view.setUint32(8 + index * 8, bytes, true);
    view.setUint32(12 + index * 8, offset, true);
  }
  return ranges;
}
