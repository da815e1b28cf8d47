/** Identifiers of 16 bytes. In memory a string such as 2dc27766-f623-4200-9d64-115e9bfd4a08. */

export const NO_GUID = '00000000-0000-0000-0000-000000000000';

/** Where each byte of the text stands in a VHDX: the first three groups are little-endian numbers there. */
const LITTLE_ENDIAN = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

export function newGuid(): string {
  return crypto.randomUUID();
}

export function readGuid(bytes: Uint8Array, at: number, littleEndian: boolean): string {
  const digits = Array.from({ length: 16 }, (_, index) => {
    const byte = bytes[at + (littleEndian ? LITTLE_ENDIAN[index]! : index)] ?? 0;
    return byte.toString(16).padStart(2, '0');
  }).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export function writeGuid(bytes: Uint8Array, at: number, guid: string, littleEndian: boolean): void {
  const digits = guid.replaceAll('-', '');
  for (let index = 0; index < 16; index++) {
    const place = littleEndian ? LITTLE_ENDIAN[index]! : index;
    bytes[at + place] = Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16);
  }
}
