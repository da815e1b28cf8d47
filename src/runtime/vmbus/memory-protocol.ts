import { PacketType, type RingPacket } from './ring-packet.js';

/**
 * Messages of the dynamic memory channel, reduced to what the model needs: a type and a number of pages. Types as the
 * Linux integration services number them; their `balloon response` lists ranges where ours counts.
 */
export const MemoryMessage = {
  Status: 5,
  BalloonRequest: 6,
  BalloonResponse: 7,
  UnballoonRequest: 8,
  UnballoonResponse: 9,
  HotAddRequest: 10,
  HotAddResponse: 11,
} as const;
export type MemoryMessage = (typeof MemoryMessage)[keyof typeof MemoryMessage];

const BYTES = 16;

/** Fills a packet with a message. */
export function encodeMemoryMessage(into: RingPacket, type: MemoryMessage, pages: number): void {
  into.reserve(BYTES);
  into.type = PacketType.InBand;
  into.flags = 0;
  into.transaction = 0;
  into.bodyBytes = BYTES;
  into.view.setUint32(0, type, true);
  into.view.setUint32(4, BYTES, true);
  into.view.setFloat64(8, pages, true);
}

export interface MemoryPacket {
  type: number;
  pages: number;
}

/** Null when it is no message, or counts what cannot be counted. */
export function decodeMemoryMessage({ type, view, payloadAt, bodyBytes }: RingPacket): MemoryPacket | null {
  if (type !== PacketType.InBand || bodyBytes - payloadAt < BYTES) return null;
  const pages = view.getFloat64(payloadAt + 8, true);
  return Number.isSafeInteger(pages) && pages >= 0 ? { type: view.getUint32(payloadAt, true), pages } : null;
}
