import type { GuestMemory } from '../../child/cpu-port.js';

/**
 * One direction of a channel as the host sees it: a ring over guest pages that need not be adjacent. The first page
 * holds the indices, the others the data (openvmm, vmbus_ring). Both sides can write everything, so each value is
 * read once and checked before it is used.
 */
const PAGE = 4096;
const WRITE_INDEX = 0;
const READ_INDEX = 4;
const INTERRUPT_MASK = 8;
const PENDING_SEND_SIZE = 12;

const DESCRIPTOR_BYTES = 16;
const TRAILER_BYTES = 8;

export const PacketType = { InBand: 6, TransferPages: 7, GpaDirect: 9, Completion: 11 } as const;
export const COMPLETION_REQUESTED = 1;
const NO_RANGES = new Uint8Array(0);

export interface Packet {
  type: number;
  completionRequested: boolean;
  transactionId: bigint;
  /** What lies between the descriptor and the payload: the ranges of a GPA-direct or a transfer-page packet. */
  ranges: Uint8Array;
  payload: Uint8Array;
}

/** The guest wrote nonsense into a ring. */
export class CorruptRing extends Error {}

export class GuestRing {
  private readonly header: number;
  private readonly dataBytes: number;

  /** `pages` are frame numbers, two at least. */
  constructor(
    private readonly memory: GuestMemory,
    private readonly pages: readonly number[],
  ) {
    this.header = pages[0]! * PAGE;
    this.dataBytes = (pages.length - 1) * PAGE;
  }

  /** The next packet, copied and freed; null when there is none. `writerWaits`: the guest wants to hear of the room. */
  read(): { packet: Packet; writerWaits: boolean } | null {
    const { write, read, used } = this.indices();
    if (write === read) return null;
    if (used < DESCRIPTOR_BYTES + TRAILER_BYTES) throw new CorruptRing('a packet is cut off');
    const descriptor = new DataView(this.copyOut(read, DESCRIPTOR_BYTES).buffer);
    const payloadAt = descriptor.getUint16(2, true) * 8;
    const length = descriptor.getUint16(4, true) * 8;
    if (payloadAt < DESCRIPTOR_BYTES || length < payloadAt || length + TRAILER_BYTES > used) {
      throw new CorruptRing(
        `a packet of ${length} bytes has its payload at ${payloadAt}, with ${used} bytes in the ring`,
      );
    }
    const bytes = this.copyOut(read, length);
    this.memory.writeU32(this.header + READ_INDEX, this.after(read, length + TRAILER_BYTES));
    const packet: Packet = {
      type: descriptor.getUint16(0, true),
      completionRequested: (descriptor.getUint16(6, true) & COMPLETION_REQUESTED) !== 0,
      transactionId: descriptor.getBigUint64(8, true),
      ranges: bytes.subarray(DESCRIPTOR_BYTES, payloadAt),
      payload: bytes.subarray(payloadAt),
    };
    return { packet, writerWaits: this.writerGotRoom(used, length + TRAILER_BYTES) };
  }

  /**
   * `ranges`, a multiple of 8 bytes, goes between descriptor and payload.
   * `signal`: the ring was empty and the guest wants to be interrupted. `full`: nothing was written.
   */
  write(
    type: number,
    flags: number,
    transactionId: bigint,
    payload: Uint8Array,
    ranges: Uint8Array = NO_RANGES,
  ): 'written' | 'signal' | 'full' {
    const { write, used } = this.indices();
    const payloadAt = DESCRIPTOR_BYTES + ranges.length;
    const length = payloadAt + ((payload.length + 7) & ~7);
    const total = length + TRAILER_BYTES;
    if (this.dataBytes - used <= total) {
      this.memory.writeU32(this.header + PENDING_SEND_SIZE, total);
      return 'full';
    }
    const bytes = new Uint8Array(total);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, type, true);
    view.setUint16(2, payloadAt / 8, true);
    view.setUint16(4, length / 8, true);
    view.setUint16(6, flags, true);
    view.setBigUint64(8, transactionId, true);
    bytes.set(ranges, DESCRIPTOR_BYTES);
    bytes.set(payload, payloadAt);
    view.setUint32(length + 4, write, true);
    this.copyIn(write, bytes);
    this.memory.writeU32(this.header + PENDING_SEND_SIZE, 0);
    this.memory.writeU32(this.header + WRITE_INDEX, this.after(write, total));
    return used === 0 && this.memory.readU32(this.header + INTERRUPT_MASK) === 0 ? 'signal' : 'written';
  }

  /** The largest payload, ranges included, that an empty ring takes. */
  get largestPayload(): number {
    return this.dataBytes - DESCRIPTOR_BYTES - TRAILER_BYTES - 8;
  }

  private indices(): { write: number; read: number; used: number } {
    const write = this.memory.readU32(this.header + WRITE_INDEX);
    const read = this.memory.readU32(this.header + READ_INDEX);
    if (write >= this.dataBytes || read >= this.dataBytes || write % 8 !== 0 || read % 8 !== 0) {
      throw new CorruptRing(`the indices ${write} and ${read} do not fit a ring of ${this.dataBytes} bytes`);
    }
    return { write, read, used: write >= read ? write - read : write + this.dataBytes - read };
  }

  /** Did this read make the room that the guest waits for? */
  private writerGotRoom(usedBefore: number, freed: number): boolean {
    const wanted = this.memory.readU32(this.header + PENDING_SEND_SIZE);
    const freeBefore = this.dataBytes - usedBefore;
    return wanted !== 0 && freeBefore <= wanted && freeBefore + freed > wanted;
  }

  private after(index: number, bytes: number): number {
    return (index + bytes) % this.dataBytes;
  }

  private copyOut(index: number, bytes: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(bytes);
    this.eachPage(index, bytes, (gpa, at, length) => out.set(this.memory.read(gpa, length), at));
    return out;
  }

  private copyIn(index: number, bytes: Uint8Array): void {
    this.eachPage(index, bytes.length, (gpa, at, length) => this.memory.write(gpa, bytes.subarray(at, at + length)));
  }

  private eachPage(index: number, bytes: number, visit: (gpa: number, at: number, length: number) => void): void {
    for (let at = 0; at < bytes; ) {
      const position = (index + at) % this.dataBytes;
      const within = position % PAGE;
      const length = Math.min(bytes - at, PAGE - within);
      visit(this.pages[1 + Math.floor(position / PAGE)]! * PAGE + within, at, length);
      at += length;
    }
  }
}
