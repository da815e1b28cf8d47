import type { ModelledFrame } from '../hardware/modelled-frame.js';

/**
 * The receive buffer of a modelled guest's network driver: frames lie in it, and not their bytes, until the guest has
 * given their room back. What is said over the ring is about parts of it, as with a real one.
 */
export class ModelledReceiveBuffer {
  /** What was handed over and the guest has not read. */
  readonly unread = { packets: 0, frames: 0, bytes: 0 };
  private readonly packets = new Map<number, readonly ModelledFrame[]>();
  private readonly unreadPackets = new Set<number>();
  private usedBytes = 0;
  private nextPacket = 1;

  constructor(private readonly bytes: number) {}

  /** A frame that is larger than the whole buffer has room when it is empty. */
  hasRoom(frameBytes: number): boolean {
    return this.usedBytes === 0 || this.usedBytes + frameBytes <= this.bytes;
  }

  /** Keeps room for a frame that will be handed over. */
  reserve(frameBytes: number): void {
    this.usedBytes += frameBytes;
  }

  /** The transaction id of the packet that hands over these frames. */
  put(frames: readonly ModelledFrame[]): number {
    const packet = this.nextPacket++;
    this.packets.set(packet, frames);
    this.unreadPackets.add(packet);
    const { unread } = this;
    unread.packets++;
    for (const { bytes } of frames) {
      unread.frames++;
      unread.bytes += bytes;
    }
    return packet;
  }

  /** There was no room in the ring for that packet. */
  takeBack(packet: number): void {
    this.read(packet);
    this.packets.delete(packet);
  }

  /** The guest reads what a packet hands over. */
  read(packet: number): readonly ModelledFrame[] {
    const frames = this.packets.get(packet) ?? [];
    if (!this.unreadPackets.delete(packet)) return frames;
    const { unread } = this;
    unread.packets--;
    for (const { bytes } of frames) {
      unread.frames--;
      unread.bytes -= bytes;
    }
    return frames;
  }

  /** The guest will not get to what it has not read: the frames for whose arrival somebody waits, who does so elsewhere now. */
  forsake(): readonly ModelledFrame[] {
    const awaited: ModelledFrame[] = [];
    for (const packet of this.unreadPackets) {
      const frames = this.packets.get(packet)!;
      awaited.push(...frames.filter(({ listener }) => listener !== null));
      this.packets.set(
        packet,
        frames.map((frame) => ({ ...frame, listener: null })),
      );
    }
    return awaited;
  }

  /** As when the driver shares it anew: nothing lies in it. */
  reset(): void {
    this.packets.clear();
    this.unreadPackets.clear();
    Object.assign(this.unread, { packets: 0, frames: 0, bytes: 0 });
    this.usedBytes = 0;
  }

  /** The guest has given a packet back; false: there is none of that id. */
  release(packet: number): boolean {
    const frames = this.packets.get(packet);
    if (frames === undefined) return false;
    for (const { bytes } of frames) this.usedBytes -= bytes;
    return this.packets.delete(packet);
  }
}
