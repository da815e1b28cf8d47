import { gunzip } from './gunzip.js';

/** How gzip is written and read here; Node has a faster way than the web's. */
export interface Packing {
  pack(pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array>;
  /** Exactly `size` bytes; null where the stream is damaged or holds another number. */
  unpack(packed: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** In every browser, worker and Node. */
export const webPacking: Packing = {
  async pack(pieces) {
    const packed = new Blob([...pieces]).stream().pipeThrough(new CompressionStream('gzip'));
    return new Uint8Array(await new Response(packed).arrayBuffer());
  },
  unpack: gunzip,
};
