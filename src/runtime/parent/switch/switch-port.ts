import type { Delivery, Frame } from './frame.js';
import type { MacAddress } from './mac-address.js';
import type { PortVlan } from './port-vlan.js';
import { count, type SwitchLedger } from './switch-ledger.js';

/** What waits at a port until its owner takes it; more is dropped, as in any switch. */
const MAX_QUEUED_FRAMES = 1024;
const MAX_QUEUED_BYTES = 8 << 20;

export interface PortOptions {
  /**
   * Who is behind the port: an uplink only at an external switch, the parent at no private one; a bridge leads to another
   * switch of the same name, and behind it are the addresses that it was told of and no others.
   */
  role: 'child' | 'parent' | 'uplink' | 'bridge';
  /** The one address behind it, which alone may send there; null: any, or those of a bridge. */
  mac: MacAddress | null;
  vlan: PortVlan;
  /** Something waits where nothing did. */
  wake(): void;
  /** For a bridge: a child's address is at a port of this switch, or no longer; those that are there already are told, too. */
  stationChanged?(station: Station, there: boolean): void;
}

/** Where a child is: its address, and a VLAN of its port; null: the untagged one. */
export interface Station {
  mac: MacAddress;
  vlan: number | null;
}

/** What went through a port, counted since it was plugged in. */
export interface PortCounters {
  /** From its owner into the switch. */
  sentFrames: number;
  sentBytes: number;
  /** Taken by its owner. */
  receivedFrames: number;
  receivedBytes: number;
  /** From its owner, with an address that is not its own. */
  spoofed: number;
  /** From its owner, with a tag that the port does not take. */
  wrongVlan: number;
  /** For its owner, who did not take what waits fast enough. */
  overflowed: number;
}

/** Where the owner of a port hands frames in and takes them out. */
export class SwitchPort<F extends Frame> {
  readonly counters: PortCounters = {
    sentFrames: 0,
    sentBytes: 0,
    receivedFrames: 0,
    receivedBytes: 0,
    spoofed: 0,
    wrongVlan: 0,
    overflowed: 0,
  };
  /** The switch takes everything at once. */
  readonly busy = false;
  private readonly queue: Delivery<F>[] = [];
  private queuedBytes = 0;

  /** A switch makes its ports; `forward` is its way in, `removed` how it forgets one. */
  constructor(
    readonly options: PortOptions,
    private readonly forward: (frame: F, tag: number | null) => void,
    private readonly removed: () => void,
    private readonly ledger: SwitchLedger,
    private readonly dropped: (frame: F) => void,
  ) {}

  get waitingFrames(): number {
    return this.queue.length;
  }

  /** Size of the frame that waits longest; 0 when none does. */
  get nextBytes(): number {
    return this.queue[0]?.frame.bytes ?? 0;
  }

  get waitingBytes(): number {
    return this.queuedBytes;
  }

  /** Hands a frame to the switch. Does nothing on a port that is unplugged. */
  send(frame: F, tag: number | null = null): void {
    this.forward(frame, tag);
  }

  /** The frame that waits longest, or null. */
  take(): Delivery<F> | null {
    const next = this.queue.shift();
    if (next === undefined) return null;
    this.queuedBytes -= next.frame.bytes;
    this.counters.receivedFrames++;
    this.counters.receivedBytes += next.frame.bytes;
    count(this.ledger.delivered, next.frame.bytes);
    return next;
  }

  /** The switch's way out: queues a frame for the owner, or drops and counts it. */
  deliver(frame: F, tag: number | null): void {
    const full = this.queue.length >= MAX_QUEUED_FRAMES || this.queuedBytes + frame.bytes > MAX_QUEUED_BYTES;
    if (full) {
      this.counters.overflowed++;
      this.drop(frame);
      return;
    }
    this.queuedBytes += frame.bytes;
    if (this.queue.push({ frame, tag }) === 1) this.options.wake();
  }

  /** Takes the port out of the switch; what waits is lost. */
  unplug(): void {
    const lost = this.queue.splice(0);
    this.queuedBytes = 0;
    this.removed();
    for (const { frame } of lost) this.drop(frame);
  }

  private drop(frame: F): void {
    count(this.ledger.dropped, frame.bytes);
    this.dropped(frame);
  }
}
