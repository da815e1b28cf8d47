import { GpaOutOfRange, type GuestMemory } from '../../child/cpu-port.js';

const PAGE = 4096;
const MAX_RANGES = 32;

interface Piece {
  gpa: number;
  bytes: number;
}

/** The memory that a GPA-direct packet lends to the host: ranges of pages, checked when they are read. */
export class GuestBuffer {
  private constructor(
    private readonly memory: GuestMemory,
    private readonly pieces: readonly Piece[],
    readonly bytes: number,
  ) {}

  /** No memory at all, as in a packet in band. */
  static none(memory: GuestMemory): GuestBuffer {
    return new GuestBuffer(memory, [], 0);
  }

  /** Reads the ranges behind the packet's descriptor; null where they are cut off or outside of memory. */
  static parse(memory: GuestMemory, ranges: Uint8Array): GuestBuffer | null {
    if (ranges.length < 8) return null;
    const view = new DataView(ranges.buffer, ranges.byteOffset, ranges.length);
    const count = view.getUint32(4, true);
    if (count > MAX_RANGES) return null;
    const pieces: Piece[] = [];
    let at = 8;
    for (let range = 0; range < count; range++) {
      if (at + 8 > ranges.length) return null;
      const bytes = view.getUint32(at, true);
      const offset = view.getUint32(at + 4, true);
      const pages = Math.ceil((offset + bytes) / PAGE);
      at += 8;
      if (offset >= PAGE || at + pages * 8 > ranges.length) return null;
      for (let page = 0, left = bytes; page < pages; page++, at += 8) {
        const skip = page === 0 ? offset : 0;
        const length = Math.min(left, PAGE - skip);
        const gpa = Number(view.getBigUint64(at, true)) * PAGE + skip;
        if (!Number.isSafeInteger(gpa) || gpa + length > memory.bytes) return null;
        pieces.push({ gpa, bytes: length });
        left -= length;
      }
    }
    return new GuestBuffer(
      memory,
      pieces,
      pieces.reduce((sum, piece) => sum + piece.bytes, 0),
    );
  }

  /** The first `length` bytes. Throws GpaOutOfRange beyond the buffer. */
  read(length: number): Uint8Array {
    if (length > this.bytes) throw new GpaOutOfRange(this.bytes, length);
    const data = new Uint8Array(length);
    this.each(length, (gpa, at, bytes) => data.set(this.memory.read(gpa, bytes), at));
    return data;
  }

  /** Writes as much of `data` as fits and returns how much that was. */
  write(data: Uint8Array): number {
    const length = Math.min(data.length, this.bytes);
    this.each(length, (gpa, at, bytes) => this.memory.write(gpa, data.subarray(at, at + bytes)));
    return length;
  }

  private each(length: number, visit: (gpa: number, at: number, bytes: number) => void): void {
    let at = 0;
    for (const piece of this.pieces) {
      const bytes = Math.min(piece.bytes, length - at);
      if (bytes <= 0) return;
      visit(piece.gpa, at, bytes);
      at += bytes;
    }
  }
}
