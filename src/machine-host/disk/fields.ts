/** Fields of on-disk structures. Positions are checked by DataView: outside of the structure it throws RangeError. */
import { DiskError } from './disk-error.js';

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A 64-bit field that must be an exact number. Throws DiskError where it is beyond every file. */
export function readUint64(view: DataView, at: number, littleEndian: boolean): number {
  const value = view.getBigUint64(at, littleEndian);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new DiskError('a size or offset in the file is beyond all bounds');
  return Number(value);
}

export function writeUint64(view: DataView, at: number, value: number, littleEndian: boolean): void {
  view.setBigUint64(at, BigInt(value), littleEndian);
}

export function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  return Array.from(text).every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
}

export function putText(bytes: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
}

export function utf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = viewOf(bytes);
  for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index), littleEndian);
  return bytes;
}

/** Up to the first NUL; half a character at the end is not read. */
export function fromUtf16(bytes: Uint8Array, littleEndian: boolean): string {
  const view = viewOf(bytes);
  let text = '';
  for (let at = 0; at + 2 <= bytes.length; at += 2) {
    const code = view.getUint16(at, littleEndian);
    if (code === 0) break;
    text += String.fromCharCode(code);
  }
  return text;
}

export function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value));
}
