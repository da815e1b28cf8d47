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

/** Returns the length of the message. */
export function encodeMemoryMessage(body: Uint8Array, type: MemoryMessage, pages: number): number {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  view.setUint32(0, type, true);
  view.setUint32(4, BYTES, true);
  view.setFloat64(8, pages, true);
  return BYTES;
}

export interface MemoryPacket {
  type: number;
  pages: number;
}

/** Null when it is no message, or counts what cannot be counted. */
export function decodeMemoryMessage(body: Uint8Array, bodyBytes: number): MemoryPacket | null {
  if (bodyBytes < BYTES || bodyBytes > body.length) return null;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const pages = view.getFloat64(8, true);
  return Number.isSafeInteger(pages) && pages >= 0 ? { type: view.getUint32(0, true), pages } : null;
}
