import type { GuestMemory } from '../../child/cpu-port.js';

const PAGE = 4096;
export const SENT_BY_GUEST = PAGE / 2;
/** Channels that have a bit: as many as the guests of those versions look at. */
const WORDS = 256 / 32;

/**
 * The interrupt page of VMBus before 2.4, a bit for each channel: the host sets those of the first half, the guest
 * those of the second.
 */
export class SharedInterrupts {
  private constructor(
    private readonly memory: GuestMemory,
    readonly page: number,
  ) {}

  /** null where the guest has no such page. */
  static at(memory: GuestMemory, page: number): SharedInterrupts | null {
    const valid = Number.isSafeInteger(page) && page > 0 && page % PAGE === 0 && page + PAGE <= memory.bytes;
    return valid ? new SharedInterrupts(memory, page) : null;
  }

  /** The channels that the guest has marked, whose marks are taken away. */
  *takeFromGuest(): Generator<number> {
    for (const word of Array.from({ length: WORDS }, (_, i) => i))
      yield* takeBits(this.memory, this.page + SENT_BY_GUEST, word);
  }

  /** Marks a channel for the guest; false where it is marked already or has no bit. */
  setForGuest(relid: number): boolean {
    if (relid >= WORDS * 32) return false;
    const at = this.page + (relid >>> 5) * 4;
    const before = this.memory.readU32(at);
    const after = (before | (1 << (relid & 31))) >>> 0;
    if (after !== before) this.memory.writeU32(at, after);
    return after !== before;
  }
}

/** Bits of a word of a bitmap in guest memory, each taken away as it is named. */
function* takeBits(memory: GuestMemory, bitmap: number, word: number): Generator<number> {
  const at = bitmap + word * 4;
  let bits = memory.readU32(at);
  if (bits !== 0) memory.writeU32(at, 0);
  for (; bits !== 0; bits &= bits - 1) yield word * 32 + 31 - Math.clz32(bits & -bits);
}
