import { GpaOutOfRange, type GuestMemory } from '../../child/cpu-port.js';
import { CorruptRing, type GuestRing, type Packet } from './guest-ring.js';
import { SharedBuffer } from './shared-buffer.js';

/** Packets that wait for room in the guest's ring; a guest that never reads loses its channel. */
const MAX_BACKLOG = 256;

interface Outgoing {
  type: number;
  flags: number;
  transactionId: bigint;
  payload: Uint8Array;
  ranges: Uint8Array;
}

const NO_RANGES = new Uint8Array(0);

export interface ChannelHost {
  /** Interrupts the guest for this channel. */
  interrupt(): void;
  /** The channel is broken and closes; the partition lives on. */
  broken(reason: string): void;
  /** The pages of a buffer that the guest shares for this channel, as frame numbers; null: there is no such buffer. */
  pages(gpadl: number): readonly number[] | null;
}

/** The host's end of an open channel. What a guest does wrong ends here and breaks this channel alone. */
export class HostChannel {
  private open = true;
  private readonly backlog: Outgoing[] = [];

  constructor(
    readonly memory: GuestMemory,
    private readonly fromGuest: GuestRing,
    private readonly toGuest: GuestRing,
    private readonly host: ChannelHost,
  ) {}

  /** The next packet from the guest, or null when there is none or the channel is broken. */
  receive(): Packet | null {
    if (!this.open) return null;
    return this.guarded(() => {
      const next = this.fromGuest.read();
      if (next?.writerWaits) this.host.interrupt();
      return next?.packet ?? null;
    });
  }

  /** Sends, or keeps the packet until the guest has made room. Does nothing on a closed channel. */
  send(type: number, flags: number, transactionId: bigint, payload: Uint8Array, ranges: Uint8Array = NO_RANGES): void {
    if (!this.open) return;
    if (ranges.length + payload.length > this.toGuest.largestPayload) {
      this.fail(`a packet of ${payload.length} bytes does not fit the guest's ring`);
      return;
    }
    this.backlog.push({ type, flags, transactionId, payload, ranges });
    if (this.backlog.length > MAX_BACKLOG) this.fail(`the guest left ${MAX_BACKLOG} packets unread`);
    else this.flush();
  }

  /** Writes what waits for room, as far as it goes. */
  flush(): void {
    if (!this.open) return;
    this.guarded(() => {
      for (let next = this.backlog[0]; next !== undefined; next = this.backlog[0]) {
        const { type, flags, transactionId, payload, ranges } = next;
        const outcome = this.toGuest.write(type, flags, transactionId, payload, ranges);
        if (outcome === 'full') return null;
        this.backlog.shift();
        if (outcome === 'signal') this.host.interrupt();
      }
      return null;
    });
  }

  /** Packets wait until the guest makes room; it signals when it has. */
  get backlogged(): boolean {
    return this.backlog.length > 0;
  }

  /** A buffer that the guest shares for this channel, or null where there is none of that handle. */
  sharedBuffer(gpadl: number): SharedBuffer | null {
    const pages = this.host.pages(gpadl);
    return pages === null ? null : new SharedBuffer(this.memory, pages);
  }

  /** Breaks the channel because of what the guest sent. */
  fail(reason: string): void {
    if (!this.open) return;
    this.close();
    this.host.broken(reason);
  }

  close(): void {
    this.open = false;
    this.backlog.length = 0;
  }

  get isOpen(): boolean {
    return this.open;
  }

  private guarded<T>(work: () => T | null): T | null {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof CorruptRing) && !(error instanceof GpaOutOfRange)) throw error;
      this.fail(error.message);
      return null;
    }
  }
}
