import type { PlainState, StateReader } from '../../../child/snapshot/plain-state.js';
import type { SharedBuffer } from '../../../vmbus/host/shared-buffer.js';

const ALIGNMENT = 8;
/** More than a receiver has under way. */
const MAX_RESERVATIONS = 65_536;

/** A stretch of the receive buffer that is in the guest's hands. */
export interface Reservation {
  readonly offset: number;
  readonly bytes: number;
  readonly end: number;
  free: boolean;
}

/** The buffer in which frames lie until the guest has taken them: a ring of stretches, given back in about their order. */
export class ReceiveBuffer {
  private readonly reservations: Reservation[] = [];
  private next = 0;

  constructor(
    private readonly shared: SharedBuffer,
    /** The longest message, as the guest was told. */
    readonly sectionBytes: number,
    /** What the guest calls the buffer. */
    readonly id: number,
  ) {}

  /** Puts a message where the guest finds it; null while there is no room. */
  put(message: Uint8Array): Reservation | null {
    const bytes = Math.ceil(message.length / ALIGNMENT) * ALIGNMENT;
    const offset = this.room(bytes);
    if (offset === null) return null;
    this.shared.write(offset, message);
    const reservation = { offset, bytes: message.length, end: offset + bytes, free: false };
    this.reservations.push(reservation);
    this.next = reservation.end;
    return reservation;
  }

  release(reservation: Reservation): void {
    reservation.free = true;
    while (this.reservations[0]?.free) this.reservations.shift();
  }

  save(): PlainState {
    return { next: this.next, reservations: this.reservations.map((reservation) => ({ ...reservation })) };
  }

  /** Goes on where `save` was; the stretches in the guest's hands by their offset. Throws SnapshotError. */
  restore(state: StateReader): Map<number, Reservation> {
    const place = (reader: StateReader) => reader.integer(0, this.shared.bytes);
    this.next = place(state.at('next'));
    for (const saved of state.at('reservations').list(MAX_RESERVATIONS)) {
      this.reservations.push({
        offset: place(saved.at('offset')),
        bytes: place(saved.at('bytes')),
        end: place(saved.at('end')),
        free: saved.at('free').flag(),
      });
    }
    const held = this.reservations.filter(({ free }) => !free);
    return new Map(held.map((reservation) => [reservation.offset, reservation]));
  }

  /** Where so many bytes are free in one piece; the end never catches up with the beginning. */
  private room(bytes: number): number | null {
    const first = this.reservations[0]?.offset;
    if (first === undefined) return bytes <= this.shared.bytes ? 0 : null;
    if (this.next > first) {
      if (this.next + bytes <= this.shared.bytes) return this.next;
      return bytes < first ? 0 : null;
    }
    return this.next + bytes < first ? this.next : null;
  }
}
