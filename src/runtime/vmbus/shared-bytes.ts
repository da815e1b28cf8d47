import type { GuestMemory } from '../child/cpu-port.js';

/** Bytes that both ends of a ring see, whatever keeps them. Offsets and lengths are within them: who calls has checked. */
export interface SharedBytes {
  readonly bytes: number;
  readU32(at: number): number;
  writeU32(at: number, value: number): void;
  /** Copies `bytes` from `at` on to `offset` of `to`. */
  copyOut(at: number, to: Uint8Array, offset: number, bytes: number): void;
  copyIn(at: number, from: Uint8Array, offset: number, bytes: number): void;
}

const PAGE = 4096;

/** The guest pages of a GPADL, as one stretch of bytes: in place where they lie side by side and stay there. */
export function sharedBytes(memory: GuestMemory, frames: readonly number[]): SharedBytes {
  const first = frames[0]!;
  const adjacent = frames.every((frame, i) => frame === first + i);
  const view = adjacent ? (memory.view?.(first * PAGE, frames.length * PAGE) ?? null) : null;
  return view === null ? new ScatteredBytes(memory, frames) : new ContiguousBytes(view);
}

/** Bytes that lie side by side. */
export class ContiguousBytes implements SharedBytes {
  readonly bytes: number;
  private readonly view: DataView;

  constructor(private readonly array: Uint8Array) {
    this.bytes = array.length;
    this.view = new DataView(array.buffer, array.byteOffset, array.length);
  }

  readU32(at: number): number {
    return this.view.getUint32(at, true);
  }

  writeU32(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  // Packets are short: a loop copies them faster than a view of each could be made.
  copyOut(at: number, to: Uint8Array, offset: number, bytes: number): void {
    const { array } = this;
    for (let i = 0; i < bytes; i++) to[offset + i] = array[at + i]!;
  }

  copyIn(at: number, from: Uint8Array, offset: number, bytes: number): void {
    const { array } = this;
    for (let i = 0; i < bytes; i++) array[at + i] = from[offset + i]!;
  }
}

/** Guest pages in any order. */
class ScatteredBytes implements SharedBytes {
  readonly bytes: number;

  constructor(
    private readonly memory: GuestMemory,
    private readonly frames: readonly number[],
  ) {
    this.bytes = frames.length * PAGE;
  }

  readU32(at: number): number {
    return this.memory.readU32(this.address(at));
  }

  writeU32(at: number, value: number): void {
    this.memory.writeU32(this.address(at), value);
  }

  copyOut(at: number, to: Uint8Array, offset: number, bytes: number): void {
    for (let done = 0; done < bytes; ) {
      const length = this.withinPage(at + done, bytes - done);
      this.memory.readInto(this.address(at + done), to.subarray(offset + done, offset + done + length));
      done += length;
    }
  }

  copyIn(at: number, from: Uint8Array, offset: number, bytes: number): void {
    for (let done = 0; done < bytes; ) {
      const length = this.withinPage(at + done, bytes - done);
      this.memory.write(this.address(at + done), from.subarray(offset + done, offset + done + length));
      done += length;
    }
  }

  private address(at: number): number {
    return this.frames[Math.floor(at / PAGE)]! * PAGE + (at % PAGE);
  }

  private withinPage(at: number, bytes: number): number {
    return Math.min(bytes, PAGE - (at % PAGE));
  }
}
