/** CRC-32C (Castagnoli), reflected, as in RFC 3720. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** Of a structure whose own checksum, four bytes at `checksumAt`, counts as zero. */
export function crc32c(structure: Uint8Array, checksumAt: number): number {
  let crc = 0xffff_ffff;
  for (let at = 0; at < structure.length; at++) {
    const byte = at >= checksumAt && at < checksumAt + 4 ? 0 : structure[at]!;
    crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}
