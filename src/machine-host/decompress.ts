import { decompress as unzstd } from 'fzstd';
import { decompressBlock } from 'lz4js';
import type { Decompress } from '../runtime/child/machine/kernel-image.js';
import { gunzip } from './gunzip.js';
import { unxz } from './xz.js';

/** The kernel's build puts the unpacked size behind every payload but gzip's, whose last word it is already. */
const SIZE_BYTES = 4;
const MAX_KERNEL_BYTES = 256 << 20;
const LZ4_BLOCK_BYTES = 8 << 20;

/** Unpacks a kernel on the host, which is faster than letting the guest do it; null: the guest has to. */
export const decompress: Decompress = async (format, payload) => {
  const size = new DataView(payload.buffer, payload.byteOffset, payload.length).getUint32(
    payload.length - SIZE_BYTES,
    true,
  );
  const data = payload.subarray(0, payload.length - SIZE_BYTES);
  if (size > MAX_KERNEL_BYTES) return null;
  switch (format) {
    case 'gzip':
      return gunzip(Uint8Array.from(payload), size);
    case 'zstd':
      return unzstd(data, new Uint8Array(size));
    case 'xz':
      return unxz(data);
    case 'lz4':
      return unlz4(data, size);
    default:
      return null;
  }
};

/** The legacy frame that the kernel's build makes: blocks of 8 MB, each behind its packed length. */
function unlz4(data: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size + LZ4_BLOCK_BYTES);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let written = 0;
  for (let at = 4; at + 4 <= data.length && written < size; ) {
    const length = view.getUint32(at, true);
    written = decompressBlock(data, out, at + 4, length, written);
    at += 4 + length;
  }
  return out.subarray(0, written);
}
