import type { GuestMemory } from '../../child/cpu-port.js';
import type { StateReader } from '../../child/snapshot/plain-state.js';
import type { EventConnection } from '../../hypervisor/tlfs/connections.js';
import type { HvStatus } from '../../hypervisor/tlfs/status.js';
import type { VmbusHost } from './vmbus-host.js';

const PAGE = 4096;
export const SENT_BY_GUEST = PAGE / 2;
/** Channels that have a bit: as many as the guests of those versions look at. */
const WORDS = 256 / 32;
/** The event flag that all channels share. */
const SHARED_FLAG = 0;

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

  /** The page whose address was saved, or null. Throws SnapshotError. */
  static restore(memory: GuestMemory, state: StateReader): SharedInterrupts | null {
    return state.orNull((at) => {
      const page = SharedInterrupts.at(memory, at.integer(0, Number.MAX_SAFE_INTEGER));
      if (page === null) throw at.wrong('is no page of the guest');
      return page;
    });
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

/** For the interrupts of a channel: the flag of its own at the VP that it names, or the one that all share, at VP 0. */
export function connectInterrupts(
  host: Pick<VmbusHost, 'connectEvents'>,
  shared: SharedInterrupts | null,
  relid: number,
  targetVp: number,
): EventConnection | HvStatus {
  return shared === null ? host.connectEvents(targetVp, relid) : host.connectEvents(0, SHARED_FLAG);
}

/** What interrupts the guest for this channel: its own event, or its bit and the event that all share. */
export function interruptBy(events: EventConnection, shared: SharedInterrupts | null, relid: number): () => void {
  if (shared === null) return () => events.signal();
  return () => {
    if (shared.setForGuest(relid)) events.signal();
  };
}

/** Bits of a word of a bitmap in guest memory, each taken away as it is named. */
function* takeBits(memory: GuestMemory, bitmap: number, word: number): Generator<number> {
  const at = bitmap + word * 4;
  let bits = memory.readU32(at);
  if (bits !== 0) memory.writeU32(at, 0);
  for (; bits !== 0; bits &= bits - 1) yield word * 32 + 31 - Math.clz32(bits & -bits);
}
