import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Packing } from '../../machine-host/packing.js';

/** zlib takes none that are smaller. */
const SMALLEST_CHUNK = 64;

/** gzip by zlib, at the level that keeps the guest waiting least. */
export const nodePacking: Packing = {
  pack: (pieces) => promisify(gzip)(Buffer.concat(pieces), { level: 1 }),
  async unpack(packed, size) {
    try {
      // In one piece of exactly that size: pieces would have to be put together, which takes as long again.
      const options = { maxOutputLength: Math.max(1, size), chunkSize: Math.max(SMALLEST_CHUNK, size + 1) };
      const { buffer, byteOffset, length } = await promisify(gunzip)(packed, options);
      return length === size ? new Uint8Array(buffer, byteOffset, length) : null;
    } catch {
      return null;
    }
  },
};
