/** A GUID as it lies in memory: the first three groups little-endian. Throws RangeError where it is not one. */
export function guidBytes(text: string): Uint8Array {
  const digits = text.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(digits)) throw new RangeError(`'${text}' is not a GUID`);
  const byteAt = (at: number) => Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16);
  return Uint8Array.from(MEMORY_ORDER, byteAt);
}

const MEMORY_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/** The text of a GUID that lies in memory; the inverse of {@link guidBytes}. */
export function guidText(bytes: Uint8Array): string {
  const digits = MEMORY_ORDER.map((at) => bytes[at]!.toString(16).padStart(2, '0')).join('');
  return [0, 8, 12, 16, 20].map((from, i, starts) => digits.slice(from, starts[i + 1])).join('-');
}
