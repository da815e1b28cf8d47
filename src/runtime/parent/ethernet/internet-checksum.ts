/** The sum of 16-bit words in one's complement that IPv4, TCP and UDP use (RFC 1071), not yet inverted. */
export function sumWords(data: Uint8Array, from: number, to: number, start = 0): number {
  let sum = start;
  const even = from + ((to - from) & ~1);
  for (let at = from; at < even; at += 2) sum += (data[at]! << 8) | data[at + 1]!;
  if (even < to) sum += data[even]! << 8;
  return sum;
}

/** Folds a sum to 16 bits and inverts it: what stands in the header. */
export function checksumOf(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
