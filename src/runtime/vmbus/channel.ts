import { RingBuffer } from './ring-buffer.js';
import { ContiguousBytes } from './shared-bytes.js';

/** Who is told that there is something in a ring, or room again. */
export interface ChannelEnd {
  signalled(): void;
}

/** What a channel serves. */
export const CHANNEL_DEVICES = ['storage', 'network', 'memory'] as const;
export type ChannelDevice = (typeof CHANNEL_DEVICES)[number];

/** What went over a channel of a child since the host was started; it outlives the channel. */
export interface Traffic {
  packets: number;
  signals: number;
  bytes: number;
  /** Fullest a ring ever was, in percent, as far as it has been asked for. */
  highestPercent: number;
}

export function noTraffic(): Traffic {
  return { packets: 0, signals: 0, bytes: 0, highestPercent: 0 };
}

/**
 * A channel between a VSC and its VSP: two rings in memory of the child. Each side has its own view of the same
 * bytes and trusts nothing it reads there.
 */
export class Channel {
  readonly childWrites: RingBuffer;
  readonly hostReads: RingBuffer;
  readonly hostWrites: RingBuffer;
  readonly childReads: RingBuffer;
  open = true;
  host: ChannelEnd | null = null;
  child: ChannelEnd | null = null;

  constructor(
    readonly childName: string,
    readonly device: ChannelDevice,
    ringBytes: number,
    readonly traffic: Traffic,
  ) {
    const toHost = new ContiguousBytes(new Uint8Array(4096 + ringBytes));
    const toChild = new ContiguousBytes(new Uint8Array(4096 + ringBytes));
    this.childWrites = new RingBuffer(toHost);
    this.hostReads = new RingBuffer(toHost);
    this.hostWrites = new RingBuffer(toChild);
    this.childReads = new RingBuffer(toChild);
    this.childWrites.initialize();
    this.childReads.initialize();
  }

  /** The child's hypercall HvSignalEvent has arrived. */
  signalHost(): void {
    if (!this.open) return;
    this.traffic.signals++;
    this.host?.signalled();
  }

  signalChild(): void {
    if (!this.open) return;
    this.traffic.signals++;
    this.child?.signalled();
  }

  /** Fullest the rings were since the last call, in percent. */
  takePeakPercent(): number {
    const peak = Math.max(this.childWrites.peakBytes, this.hostWrites.peakBytes);
    this.childWrites.peakBytes = 0;
    this.hostWrites.peakBytes = 0;
    const percent = (100 * peak) / this.childWrites.dataBytes;
    this.traffic.highestPercent = Math.max(this.traffic.highestPercent, percent);
    return percent;
  }
}
