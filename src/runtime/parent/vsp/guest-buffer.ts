import { GpaOutOfRange, type GuestMemory } from '../../child/cpu-port.js';

const PAGE = 4096;
const MAX_RANGES = 32;
const RANGES_AT = 8;

/** The memory that a GPA-direct packet lends to the host: ranges of pages, checked once, when they are loaded. */
export class GuestBuffer {
  bytes = 0;
  private view: DataView = new DataView(new ArrayBuffer(0));
  private ranges = 0;

  constructor(private readonly memory: GuestMemory) {}

  /** No memory at all, as in a packet in band. */
  empty(): void {
    this.bytes = 0;
    this.ranges = 0;
  }

  /**
   * Takes the ranges in the first `length` bytes of `view`, which must be the host's own and stay as they are while
   * the buffer is used; false where they are cut off or outside of memory.
   */
  load(view: DataView, length: number): boolean {
    this.empty();
    if (length < RANGES_AT) return false;
    const ranges = view.getUint32(4, true);
    if (ranges > MAX_RANGES) return false;
    const frames = Math.floor(this.memory.bytes / PAGE);
    let total = 0;
    let at = RANGES_AT;
    for (let range = 0; range < ranges; range++) {
      if (at + 8 > length) return false;
      const bytes = view.getUint32(at, true);
      const offset = view.getUint32(at + 4, true);
      const pages = Math.ceil((offset + bytes) / PAGE);
      at += 8;
      if (offset >= PAGE || at + pages * 8 > length) return false;
      for (let page = 0; page < pages; page++, at += 8) if (frameAt(view, at) >= frames) return false;
      total += bytes;
    }
    this.view = view;
    this.ranges = ranges;
    this.bytes = total;
    return true;
  }

  /** The first `length` bytes. Throws GpaOutOfRange beyond the buffer. */
  read(length: number): Uint8Array {
    if (length > this.bytes) throw new GpaOutOfRange(this.bytes, length);
    const data = new Uint8Array(length);
    this.each(length, (gpa, at, bytes) => this.memory.readInto(gpa, data.subarray(at, at + bytes)));
    return data;
  }

  /** Writes as much of `data` as fits and returns how much that was. */
  write(data: Uint8Array): number {
    const length = Math.min(data.length, this.bytes);
    this.each(length, (gpa, at, bytes) => this.memory.write(gpa, data.subarray(at, at + bytes)));
    return length;
  }

  /**
   * The first `length` bytes themselves, in pieces, to be read or written before the guest runs on; null where the memory
   * lends none. Throws GpaOutOfRange beyond the buffer.
   */
  pieces(length: number, use: 'read' | 'write'): Uint8Array[] | null {
    const { memory } = this;
    if (memory.borrow === undefined) return null;
    if (length > this.bytes) throw new GpaOutOfRange(this.bytes, length);
    const pieces: Uint8Array[] = [];
    this.each(length, (gpa, _at, bytes) => pieces.push(memory.borrow!(gpa, bytes, use)));
    return pieces;
  }

  /** Pages that lie side by side are visited together. */
  private each(length: number, visit: (gpa: number, at: number, bytes: number) => void): void {
    const { view } = this;
    let done = 0;
    let visited = 0;
    let start = 0;
    let at = RANGES_AT;
    for (let range = 0; range < this.ranges; range++) {
      let left = view.getUint32(at, true);
      let skip = view.getUint32(at + 4, true);
      at += 8;
      for (let pages = Math.ceil((skip + left) / PAGE); pages > 0; pages--, at += 8) {
        const bytes = Math.min(left, PAGE - skip, length - done);
        if (bytes <= 0) continue;
        const gpa = frameAt(view, at) * PAGE + skip;
        if (gpa !== start + done - visited) {
          if (done > visited) visit(start, visited, done - visited);
          start = gpa;
          visited = done;
        }
        done += bytes;
        left -= bytes;
        skip = 0;
      }
    }
    if (done > visited) visit(start, visited, done - visited);
  }
}

/** A frame number; above 2^53 it is not exact, and far outside of any memory all the same. */
function frameAt(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 4294967296 + view.getUint32(at, true);
}
