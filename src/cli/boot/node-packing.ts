import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Packing } from '../../machine-host/packing.js';

/** gzip by zlib, at the level that keeps the guest waiting least. */
export const nodePacking: Packing = {
  pack: (pieces) => promisify(gzip)(Buffer.concat(pieces), { level: 1 }),
  async unpack(packed, size) {
    try {
      const bytes = await promisify(gunzip)(packed, { maxOutputLength: Math.max(1, size) });
      return bytes.length === size ? bytes : null;
    } catch {
      return null;
    }
  },
};
