/**
 * What both ends of a dynamic memory channel agree on (openvmm, dynamic memory protocol): a header with type, length and
 * transaction, then a body of little-endian words. Amounts are pages of 4 KB. No pipe header goes before it.
 */
export const BalloonMessage = {
  VersionRequest: 1,
  VersionResponse: 2,
  CapabilitiesReport: 3,
  CapabilitiesResponse: 4,
  Status: 5,
  BalloonRequest: 6,
  BalloonResponse: 7,
  UnballoonRequest: 8,
  UnballoonResponse: 9,
  HotAddRequest: 10,
  HotAddResponse: 11,
  Information: 12,
} as const;

/** 0.3 from Windows Server 2008 R2 SP1, 1.0 from 2012, 2.0 from 2016. */
export const BALLOON_VERSIONS: readonly number[] = [0x0000_0003, 0x0001_0000, 0x0002_0000];

export const BALLOON_HEADER = 8;

/** A run of guest pages. */
export interface GuestPages {
  start: number;
  count: number;
}

/** A message of whole 64-bit words after the header. */
export function balloonMessage(type: number, transaction: number, body: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(BALLOON_HEADER + body.length * 8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, type, true);
  view.setUint16(2, bytes.length, true);
  view.setUint32(4, transaction, true);
  for (const [index, word] of body.entries()) view.setBigUint64(BALLOON_HEADER + index * 8, word, true);
  return bytes;
}

/** 24 bits of a range count its pages. */
export const LONGEST_RANGE = (1 << 24) - 1;

export function packRange({ start, count }: GuestPages): bigint {
  return BigInt(start) | (BigInt(count) << 40n);
}

export function unpackRange(word: bigint): GuestPages {
  return { start: Number(word & 0xff_ffff_ffffn), count: Number(word >> 40n) };
}

/** The same pages in ranges that a message can say. */
export function rangesOf({ start, count }: GuestPages): GuestPages[] {
  const ranges: GuestPages[] = [];
  for (let at = 0; at < count; at += LONGEST_RANGE)
    ranges.push({ start: start + at, count: Math.min(LONGEST_RANGE, count - at) });
  return ranges;
}
