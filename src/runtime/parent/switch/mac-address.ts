/** An Ethernet address as a number of 48 bits, first byte on top: cheap to compare and to look up. */
export type MacAddress = number;

export const BROADCAST: MacAddress = 0xffff_ffff_ffff;

const BYTES = 6;

/** Reads the address that begins at `offset`. Throws RangeError where the bytes end before it does. */
export function macAt(bytes: Uint8Array, offset: number): MacAddress {
  if (offset < 0 || offset + BYTES > bytes.length) throw new RangeError('an Ethernet address is cut off');
  let mac = 0;
  for (let at = offset; at < offset + BYTES; at++) mac = mac * 256 + bytes[at]!;
  return mac;
}

export function macBytes(mac: MacAddress): Uint8Array {
  return Uint8Array.from({ length: BYTES }, (_, at) => Math.floor(mac / 256 ** (BYTES - 1 - at)) % 256);
}

/** "00-15-5D-01-02-03", as Hyper-V writes it. */
export function formatMac(mac: MacAddress): string {
  return Array.from(macBytes(mac), (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('-');
}

/** Broadcast or multicast: the lowest bit of the first byte (IEEE 802.3). */
export function isGroup(mac: MacAddress): boolean {
  return Math.floor(mac / 2 ** 40) % 2 === 1;
}
