/**
 * One direction of a VMBus channel: bytes in memory that both partitions see. A 4 KB page with the indices, then
 * the data. Equal indices mean empty, so the ring is never filled to the last byte.
 * Layout: Linux include/linux/hyperv.h (read there as documentation of the format).
 */
const RING_HEADER_BYTES = 4096;
const WRITE_INDEX = 0;
const READ_INDEX = 4;
const INTERRUPT_MASK = 8;
const PENDING_SEND_SIZE = 12;
const FEATURE_BITS = 64;
const FEATURE_PENDING_SEND_SIZE = 1;

const DESCRIPTOR_BYTES = 16;
const TRAILER_BYTES = 8;

export const PacketType = { InBand: 6, GpaDirect: 9, Completion: 11 } as const;

/** A packet as the reader copied it; `body` is the reader's own memory, valid until the next read. */
export interface Packet {
  type: number;
  flags: number;
  transactionId: number;
  body: Uint8Array;
  bodyBytes: number;
}

/** Asks the receiver to answer with a completion packet. */
export const FLAG_COMPLETION_REQUESTED = 1;

export type ReadOutcome = 'packet' | 'empty' | 'corrupt';

/** The bytes of a ring with `dataBytes` of room, a multiple of 8. */
export function createRingMemory(dataBytes: number): Uint8Array {
  const memory = new Uint8Array(RING_HEADER_BYTES + dataBytes);
  new DataView(memory.buffer).setUint32(FEATURE_BITS, FEATURE_PENDING_SEND_SIZE, true);
  return memory;
}

/** One side's view of a ring. Whatever it reads there it checks once, copies once, and only then uses. */
export class RingBuffer {
  private readonly view: DataView;
  private readonly data: Uint8Array;
  private readonly size: number;
  private readonly header = new DataView(new ArrayBuffer(DESCRIPTOR_BYTES));
  private readonly headerBytes = new Uint8Array(this.header.buffer);
  /** Fullest it was since this was last set to 0, in bytes. */
  peakBytes = 0;

  constructor(memory: Uint8Array) {
    this.view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
    this.data = memory.subarray(RING_HEADER_BYTES);
    this.size = this.data.length;
  }

  get dataBytes(): number {
    return this.size;
  }

  /** Bytes that are written and not read; -1 when the other side has put nonsense into the indices. */
  usedBytes(): number {
    const write = this.view.getUint32(WRITE_INDEX, true);
    const read = this.view.getUint32(READ_INDEX, true);
    if (write >= this.size || read >= this.size || write % 8 !== 0 || read % 8 !== 0) return -1;
    return write >= read ? write - read : write + this.size - read;
  }

  /**
   * Writes one packet. `full`: nothing was written and the reader knows how much room is awaited. `signal`: the
   * reader must be told, because the ring was empty and it does not poll.
   */
  write(
    type: number,
    flags: number,
    transactionId: number,
    body: Uint8Array,
    bodyBytes: number,
  ): 'ok' | 'signal' | 'full' | 'corrupt' {
    const used = this.usedBytes();
    if (used < 0) return 'corrupt';
    const padded = (bodyBytes + 7) & ~7;
    const total = DESCRIPTOR_BYTES + padded + TRAILER_BYTES;
    if (this.size - used <= total) {
      this.view.setUint32(PENDING_SEND_SIZE, total, true);
      return 'full';
    }
    this.view.setUint32(PENDING_SEND_SIZE, 0, true);
    const start = this.view.getUint32(WRITE_INDEX, true);
    const { header } = this;
    header.setUint16(0, type, true);
    header.setUint16(2, DESCRIPTOR_BYTES / 8, true);
    header.setUint16(4, (DESCRIPTOR_BYTES + padded) / 8, true);
    header.setUint16(6, flags, true);
    header.setUint32(8, transactionId >>> 0, true);
    header.setUint32(12, Math.floor(transactionId / 4294967296), true);
    this.copyIn(start, this.headerBytes, DESCRIPTOR_BYTES);
    this.copyIn(this.after(start, DESCRIPTOR_BYTES), body, bodyBytes);
    header.setUint32(0, 0, true);
    header.setUint32(4, start, true);
    this.copyIn(this.after(start, DESCRIPTOR_BYTES + padded), this.headerBytes, TRAILER_BYTES);
    this.view.setUint32(WRITE_INDEX, this.after(start, total), true);
    if (used + total > this.peakBytes) this.peakBytes = used + total;
    return used === 0 && this.view.getUint32(INTERRUPT_MASK, true) === 0 ? 'signal' : 'ok';
  }

  /** Copies the next packet into `into` and frees its room. `corrupt`: indices or lengths are nonsense. */
  read(into: Packet): ReadOutcome {
    const used = this.usedBytes();
    if (used === 0) return 'empty';
    if (used < DESCRIPTOR_BYTES + TRAILER_BYTES) return 'corrupt';
    const start = this.view.getUint32(READ_INDEX, true);
    const { header } = this;
    this.copyOut(start, this.headerBytes, DESCRIPTOR_BYTES);
    const offset = header.getUint16(2, true) * 8;
    const length = header.getUint16(4, true) * 8;
    if (offset < DESCRIPTOR_BYTES || length < offset || length + TRAILER_BYTES > used) return 'corrupt';
    if (length - offset > into.body.length) return 'corrupt';
    into.type = header.getUint16(0, true);
    into.flags = header.getUint16(6, true);
    into.transactionId = header.getUint32(12, true) * 4294967296 + header.getUint32(8, true);
    into.bodyBytes = length - offset;
    this.copyOut(this.after(start, offset), into.body, into.bodyBytes);
    this.view.setUint32(READ_INDEX, this.after(start, length + TRAILER_BYTES), true);
    return 'packet';
  }

  /** After reading: whether a writer waits for room and now has it. */
  writerWaitsForRoom(): boolean {
    const wanted = this.view.getUint32(PENDING_SEND_SIZE, true);
    const used = this.usedBytes();
    if (wanted === 0 || used < 0 || this.size - used <= wanted) return false;
    this.view.setUint32(PENDING_SEND_SIZE, 0, true);
    return true;
  }

  /** The reader polls (true) or wants to be signalled (false). */
  maskInterrupts(masked: boolean): void {
    this.view.setUint32(INTERRUPT_MASK, masked ? 1 : 0, true);
  }

  private after(index: number, bytes: number): number {
    const next = index + bytes;
    return next >= this.size ? next - this.size : next;
  }

  private copyIn(at: number, from: Uint8Array, bytes: number): void {
    const room = this.size - at;
    const first = Math.min(bytes, room);
    for (let i = 0; i < first; i++) this.data[at + i] = from[i]!;
    for (let i = first; i < bytes; i++) this.data[i - first] = from[i]!;
  }

  private copyOut(at: number, to: Uint8Array, bytes: number): void {
    const room = this.size - at;
    const first = Math.min(bytes, room);
    for (let i = 0; i < first; i++) to[i] = this.data[at + i]!;
    for (let i = first; i < bytes; i++) to[i] = this.data[i - first]!;
  }
}

/** Room for packets of up to `bodyBytes`. */
export function createPacket(bodyBytes: number): Packet {
  return { type: 0, flags: 0, transactionId: 0, body: new Uint8Array(bodyBytes), bodyBytes: 0 };
}
