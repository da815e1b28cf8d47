import type { RingPacket } from './ring-packet.js';
import type { SharedBytes } from './shared-bytes.js';

/**
 * The layout of one direction of a channel: a page with the indices, then the data. Equal indices mean empty, so
 * the ring is never filled to the last byte (openvmm, vmbus_ring).
 */
const HEADER_BYTES = 4096;
const WRITE_INDEX = 0;
const READ_INDEX = 4;
const INTERRUPT_MASK = 8;
const PENDING_SEND_SIZE = 12;
const FEATURE_BITS = 64;
const FEATURE_PENDING_SEND_SIZE = 1;

const DESCRIPTOR_BYTES = 16;
const TRAILER_BYTES = 8;

/** `signal`: the ring was empty and its reader wants to hear of it. `full`: nothing was written. */
export type WriteOutcome = 'written' | 'signal' | 'full' | 'corrupt';
export type ReadOutcome = 'packet' | 'empty' | 'corrupt';

/**
 * One side's view of a ring. The other side can write every byte of it at any time: whatever is read there is read
 * once, checked, copied, and only then used.
 */
export class RingBuffer {
  readonly dataBytes: number;
  /** Fullest it was since this was last set to 0, in bytes; as the writer saw it. */
  peakBytes = 0;
  /** What this side has put in or taken out. */
  movedBytes = 0;
  movedPackets = 0;
  /** After `corrupt`: what does not hold together. */
  fault = '';
  private writeIndex = 0;
  private readIndex = 0;
  private roomMade = false;
  private readonly descriptor = new DataView(new ArrayBuffer(DESCRIPTOR_BYTES));
  private readonly descriptorBytes = new Uint8Array(this.descriptor.buffer);

  constructor(private readonly shared: SharedBytes) {
    this.dataBytes = shared.bytes - HEADER_BYTES;
  }

  /** What the guest does with fresh pages before it shares them: empty, and who finds it full may wait for room. */
  initialize(): void {
    for (const at of [WRITE_INDEX, READ_INDEX, INTERRUPT_MASK, PENDING_SEND_SIZE]) this.shared.writeU32(at, 0);
    this.shared.writeU32(FEATURE_BITS, FEATURE_PENDING_SEND_SIZE);
  }

  /** Writes one packet whole or not at all; when there is no room, the reader is told how much is awaited. */
  write(packet: RingPacket): WriteOutcome {
    const { shared, dataBytes } = this;
    const used = this.load();
    if (used < 0) return 'corrupt';
    const length = DESCRIPTOR_BYTES + ((packet.bodyBytes + 7) & ~7);
    const total = length + TRAILER_BYTES;
    if (dataBytes - used <= total) {
      shared.writeU32(PENDING_SEND_SIZE, total);
      return 'full';
    }
    shared.writeU32(PENDING_SEND_SIZE, 0);
    const start = this.writeIndex;
    const { descriptor } = this;
    descriptor.setUint16(0, packet.type, true);
    descriptor.setUint16(2, (DESCRIPTOR_BYTES + packet.payloadAt) / 8, true);
    descriptor.setUint16(4, length / 8, true);
    descriptor.setUint16(6, packet.flags, true);
    descriptor.setUint32(8, packet.transactionLow, true);
    descriptor.setUint32(12, packet.transactionHigh, true);
    this.copyIn(start, this.descriptorBytes, DESCRIPTOR_BYTES);
    this.copyIn(this.after(start, DESCRIPTOR_BYTES), packet.body, packet.bodyBytes);
    descriptor.setUint32(0, 0, true);
    descriptor.setUint32(4, start, true);
    this.copyIn(this.after(start, length), this.descriptorBytes, TRAILER_BYTES);
    shared.writeU32(WRITE_INDEX, this.after(start, total));
    this.movedBytes += total;
    this.movedPackets++;
    if (used + total > this.peakBytes) this.peakBytes = used + total;
    return used === 0 && shared.readU32(INTERRUPT_MASK) === 0 ? 'signal' : 'written';
  }

  /** Copies the next packet and frees its room. */
  read(into: RingPacket): ReadOutcome {
    const used = this.load();
    if (used === 0) return 'empty';
    if (used < 0) return 'corrupt';
    if (used < DESCRIPTOR_BYTES + TRAILER_BYTES) return this.corrupt('a packet is cut off');
    const start = this.readIndex;
    const { descriptor } = this;
    this.copyOut(start, this.descriptorBytes, DESCRIPTOR_BYTES);
    const payloadAt = descriptor.getUint16(2, true) * 8;
    const length = descriptor.getUint16(4, true) * 8;
    if (payloadAt < DESCRIPTOR_BYTES || length < payloadAt || length + TRAILER_BYTES > used) {
      return this.corrupt(
        `a packet of ${length} bytes has its payload at ${payloadAt}, with ${used} bytes in the ring`,
      );
    }
    into.type = descriptor.getUint16(0, true);
    into.flags = descriptor.getUint16(6, true);
    into.transactionLow = descriptor.getUint32(8, true);
    into.transactionHigh = descriptor.getUint32(12, true);
    into.payloadAt = payloadAt - DESCRIPTOR_BYTES;
    into.bodyBytes = length - DESCRIPTOR_BYTES;
    into.reserve(into.bodyBytes);
    this.copyOut(this.after(start, DESCRIPTOR_BYTES), into.body, into.bodyBytes);
    const total = length + TRAILER_BYTES;
    this.shared.writeU32(READ_INDEX, this.after(start, total));
    this.movedBytes += total;
    this.movedPackets++;
    this.noteRoom(used, total);
    return 'packet';
  }

  /** Whether a read since the last call made the room that the writer waits for: it is to be signalled, once. */
  takeRoomSignal(): boolean {
    const { roomMade } = this;
    this.roomMade = false;
    return roomMade;
  }

  /** Bytes that are written and not read; -1 when the other side has put nonsense into the indices. */
  usedBytes(): number {
    return this.load();
  }

  /** The reader polls (true) or wants to be signalled (false). */
  maskInterrupts(masked: boolean): void {
    this.shared.writeU32(INTERRUPT_MASK, masked ? 1 : 0);
  }

  /** The largest body that an empty ring takes. */
  get largestBody(): number {
    return this.dataBytes - DESCRIPTOR_BYTES - TRAILER_BYTES - 8;
  }

  /** Reads both indices once; the bytes between them, or -1. */
  private load(): number {
    const write = this.shared.readU32(WRITE_INDEX);
    const read = this.shared.readU32(READ_INDEX);
    const { dataBytes } = this;
    if (write >= dataBytes || read >= dataBytes || write % 8 !== 0 || read % 8 !== 0) {
      this.fault = `the indices ${write} and ${read} do not fit a ring of ${dataBytes} bytes`;
      return -1;
    }
    this.writeIndex = write;
    this.readIndex = read;
    return write >= read ? write - read : write + dataBytes - read;
  }

  private noteRoom(usedBefore: number, freed: number): void {
    const wanted = this.shared.readU32(PENDING_SEND_SIZE);
    if (wanted === 0) return;
    const freeBefore = this.dataBytes - usedBefore;
    if (freeBefore <= wanted && freeBefore + freed > wanted) this.roomMade = true;
  }

  private corrupt(fault: string): 'corrupt' {
    this.fault = fault;
    return 'corrupt';
  }

  private after(index: number, bytes: number): number {
    const next = index + bytes;
    return next >= this.dataBytes ? next - this.dataBytes : next;
  }

  private copyIn(index: number, from: Uint8Array, bytes: number): void {
    const first = Math.min(bytes, this.dataBytes - index);
    this.shared.copyIn(HEADER_BYTES + index, from, 0, first);
    if (first < bytes) this.shared.copyIn(HEADER_BYTES, from, first, bytes - first);
  }

  private copyOut(index: number, to: Uint8Array, bytes: number): void {
    const first = Math.min(bytes, this.dataBytes - index);
    this.shared.copyOut(HEADER_BYTES + index, to, 0, first);
    if (first < bytes) this.shared.copyOut(HEADER_BYTES, to, first, bytes - first);
  }
}
