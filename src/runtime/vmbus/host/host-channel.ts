import { GpaOutOfRange, type GuestMemory } from '../../child/cpu-port.js';
import { bits, hex, type PlainState, type StateReader } from '../../child/snapshot/plain-state.js';
import { CorruptRing, type GuestRing, type Packet } from './guest-ring.js';

/** Packets that wait for room in the guest's ring; a guest that never reads loses its channel. */
const MAX_BACKLOG = 256;

interface Outgoing {
  type: number;
  flags: number;
  transactionId: bigint;
  payload: Uint8Array;
}

export interface ChannelHost {
  /** Interrupts the guest for this channel. */
  interrupt(): void;
  /** The channel is broken and closes; the partition lives on. */
  broken(reason: string): void;
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
  send(type: number, flags: number, transactionId: bigint, payload: Uint8Array): void {
    if (!this.open) return;
    if (payload.length > this.toGuest.largestPayload) {
      this.fail(`a packet of ${payload.length} bytes does not fit the guest's ring`);
      return;
    }
    this.backlog.push({ type, flags, transactionId, payload });
    if (this.backlog.length > MAX_BACKLOG) this.fail(`the guest left ${MAX_BACKLOG} packets unread`);
    else this.flush();
  }

  /** Writes what waits for room, as far as it goes. */
  flush(): void {
    if (!this.open) return;
    this.guarded(() => {
      for (let next = this.backlog[0]; next !== undefined; next = this.backlog[0]) {
        const outcome = this.toGuest.write(next.type, next.flags, next.transactionId, next.payload);
        if (outcome === 'full') return null;
        this.backlog.shift();
        if (outcome === 'signal') this.host.interrupt();
      }
      return null;
    });
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

  /** What waits for room; the rings themselves are guest memory. */
  save(): PlainState {
    return this.backlog.map(({ type, flags, transactionId, payload }) => ({
      type,
      flags,
      transactionId: bits(transactionId),
      payload: hex(payload),
    }));
  }

  /** Throws SnapshotError. */
  restore(state: StateReader): void {
    for (const saved of state.list(MAX_BACKLOG)) {
      this.backlog.push({
        type: saved.at('type').integer(0, 0xffff),
        flags: saved.at('flags').integer(0, 0xffff),
        transactionId: saved.at('transactionId').bits(),
        payload: saved.at('payload').bytes(this.toGuest.largestPayload),
      });
    }
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
