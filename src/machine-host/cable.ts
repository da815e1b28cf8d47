import type { CableFrame, CableMessage } from '../protocol/machine.js';
import { type EthernetFrame, ethernetFrame, type NetworkPort } from '../runtime/parent/ethernet/ethernet-frame.js';
import type { Delivery } from '../runtime/parent/switch/frame.js';

/** What may be on its way before the other end has taken it. */
const WINDOW_FRAMES = 512;
const WINDOW_BYTES = 4 << 20;
/** So much of the window is told as taken together: a message of its own for each turn costs more than the frames in it. */
const TOLD_TOGETHER = 1 / 4;

/**
 * One end of a cable between two threads: the adapter's, or the switch's. What is sent in one turn goes in one message, and
 * the other end says what it has taken, a quarter of the window at a time, so that neither can bury the other.
 */
export class CableEnd implements NetworkPort {
  private framesUnderWay = 0;
  private bytesUnderWay = 0;
  private readonly leaving: CableFrame[] = [];
  private readonly arrived: CableFrame[] = [];
  private taken = { frames: 0, bytes: 0 };
  private flushing = false;

  /** `wake`: frames arrived, or there is room to send again. */
  constructor(
    private readonly adapter: number,
    private readonly post: (message: CableMessage) => void,
    private readonly wake: () => void,
  ) {}

  get busy(): boolean {
    return this.framesUnderWay >= WINDOW_FRAMES || this.bytesUnderWay >= WINDOW_BYTES;
  }

  send({ data, offload }: EthernetFrame, tag: number | null): void {
    this.framesUnderWay++;
    this.bytesUnderWay += data.length;
    const { checksum, segmentBytes } = offload ?? NOTHING_LEFT;
    this.leaving.push({ data, tag, checksum, segmentBytes });
    this.flushSoon();
  }

  take(): Delivery<EthernetFrame> | null {
    const next = this.arrived.shift();
    if (next === undefined) return null;
    const { data, tag, checksum, segmentBytes } = next;
    this.taken.frames++;
    this.taken.bytes += data.length;
    this.flushSoon();
    const isFinished = !checksum && segmentBytes === 0;
    return { frame: ethernetFrame(data, isFinished ? null : { checksum, segmentBytes }), tag };
  }

  hear(message: CableMessage): void {
    if (message.type === 'frames') {
      this.arrived.push(...message.frames);
    } else {
      this.framesUnderWay -= message.frames;
      this.bytesUnderWay -= message.bytes;
    }
    this.wake();
  }

  private flushSoon(): void {
    if (this.flushing) return;
    this.flushing = true;
    queueMicrotask(() => this.flush());
  }

  private flush(): void {
    this.flushing = false;
    const { adapter, taken } = this;
    if (taken.frames >= WINDOW_FRAMES * TOLD_TOGETHER || taken.bytes >= WINDOW_BYTES * TOLD_TOGETHER) {
      this.taken = { frames: 0, bytes: 0 };
      this.post({ type: 'frames taken', adapter, ...taken });
    }
    if (this.leaving.length > 0) this.post({ type: 'frames', adapter, frames: this.leaving.splice(0) });
  }
}

/** Hands over what waits at one end, as far as the other takes it. */
export function pour(from: NetworkPort, to: NetworkPort): void {
  while (!to.busy) {
    const delivery = from.take();
    if (delivery === null) return;
    to.send(delivery.frame, delivery.tag);
  }
}

const NOTHING_LEFT = { checksum: false, segmentBytes: 0 };

/** The buffers of a message, which its sender does not need any more; several frames may lie in one. */
export function buffersOf(message: CableMessage): ArrayBuffer[] {
  if (message.type !== 'frames') return [];
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of message.frames) if (data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
  return [...buffers];
}
