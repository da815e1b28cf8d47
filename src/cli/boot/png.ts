import { deflateSync } from 'node:zlib';
import { crc32 } from '../../machine-host/crc32.js';
import type { ScreenFrame } from '../../protocol/machine.js';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const BITS = 8;
const RED_GREEN_BLUE_OPACITY = 6;

/** A whole screen as a PNG file (W3C, Portable Network Graphics). */
export function png({ width, height, pixels }: ScreenFrame): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS, RED_GREEN_BLUE_OPACITY], 8);
  const lineBytes = width * 4;
  const lines = Buffer.alloc((lineBytes + 1) * height); // a zero in front of each line: no filter
  for (let y = 0; y < height; y++) {
    lines.set(pixels.subarray(y * lineBytes, (y + 1) * lineBytes), y * (lineBytes + 1) + 1);
  }
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND')]);
}

function chunk(type: string, data: Uint8Array = new Uint8Array()): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
