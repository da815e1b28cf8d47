import { GpaOutOfRange, type GuestMemory } from '../../child/cpu-port.js';

const PAGE = 4096;

/** Pages that the guest shares in a GPADL, seen as one stretch of bytes. What it writes there is read once, as a copy. */
export class SharedBuffer {
  /** `pages` are frame numbers. */
  constructor(
    private readonly memory: GuestMemory,
    private readonly pages: readonly number[],
  ) {}

  get bytes(): number {
    return this.pages.length * PAGE;
  }

  /** Throws GpaOutOfRange beyond the buffer. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const data = new Uint8Array(length);
    this.each(offset, length, (gpa, at, bytes) => this.memory.readInto(gpa, data.subarray(at, at + bytes)));
    return data;
  }

  /** Throws GpaOutOfRange beyond the buffer. */
  write(offset: number, data: Uint8Array): void {
    this.each(offset, data.length, (gpa, at, bytes) => this.memory.write(gpa, data.subarray(at, at + bytes)));
  }

  private each(offset: number, length: number, visit: (gpa: number, at: number, bytes: number) => void): void {
    if (offset < 0 || offset + length > this.bytes) throw new GpaOutOfRange(offset, length);
    for (let at = 0; at < length; ) {
      const position = offset + at;
      const within = position % PAGE;
      const bytes = Math.min(length - at, PAGE - within);
      visit(this.pages[Math.floor(position / PAGE)]! * PAGE + within, at, bytes);
      at += bytes;
    }
  }
}
