/**
 * Messages of the dynamic memory channel as guests speak it (openvmm, dynamic memory protocol): a header with type,
 * length and transaction, then a body. Amounts are pages of 4 KB. They go over the ring without a pipe header.
 */
const BalloonMessage = {
  VersionRequest: 1,
  VersionResponse: 2,
  CapabilitiesReport: 3,
  CapabilitiesResponse: 4,
  Status: 5,
  BalloonRequest: 6,
  BalloonResponse: 7,
  UnballoonRequest: 8,
  UnballoonResponse: 9,
  Information: 12,
} as const;

/** 0.3 from Windows Server 2008 R2 SP1, 1.0 from 2012, 2.0 from 2016. */
export const BALLOON_VERSIONS: readonly number[] = [0x0000_0003, 0x0001_0000, 0x0002_0000];

const HEADER = 8;
/** What fits into a page with the header: Linux reads messages into one. */
export const MOST_RANGES = 500;

/** A run of guest pages. */
export interface PageRange {
  start: number;
  count: number;
}

export type FromGuest =
  | { type: 'version'; version: number }
  | { type: 'capabilities'; balloon: boolean; hotAdd: boolean }
  /** `committedPages` counts what the balloon holds, too. */
  | { type: 'status'; availablePages: number; committedPages: number }
  | { type: 'ballooned'; ranges: PageRange[]; more: boolean }
  | { type: 'unballooned' }
  | { type: 'other' };

/** null where it is too short for what it claims. */
export function decodeBalloonMessage(bytes: Uint8Array): FromGuest | null {
  if (bytes.length < HEADER) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const body = bytes.length - HEADER;
  switch (view.getUint16(0, true)) {
    case BalloonMessage.VersionRequest:
      return body < 8 ? null : { type: 'version', version: view.getUint32(HEADER, true) };
    case BalloonMessage.CapabilitiesReport: {
      if (body < 8) return null;
      const flags = view.getUint8(HEADER);
      return { type: 'capabilities', balloon: (flags & 1) !== 0, hotAdd: (flags & 2) !== 0 };
    }
    case BalloonMessage.Status:
      if (body < 16) return null;
      return {
        type: 'status',
        availablePages: Number(view.getBigUint64(HEADER, true)),
        committedPages: Number(view.getBigUint64(HEADER + 8, true)),
      };
    case BalloonMessage.BalloonResponse:
      return body < 8 ? null : ballooned(view);
    case BalloonMessage.UnballoonResponse:
      return { type: 'unballooned' };
    default:
      return { type: 'other' };
  }
}

function ballooned(view: DataView): FromGuest | null {
  const word = view.getUint32(HEADER + 4, true);
  const count = word >>> 1;
  if (HEADER + 8 + count * 8 > view.byteLength) return null;
  const ranges = Array.from({ length: count }, (_, index) => {
    const range = view.getBigUint64(HEADER + 8 + index * 8, true);
    return { start: Number(range & 0xff_ffff_ffffn), count: Number(range >> 40n) };
  });
  return { type: 'ballooned', ranges, more: (word & 1) !== 0 };
}

export function versionResponse(accepted: boolean, transaction: number): Uint8Array {
  return message(BalloonMessage.VersionResponse, transaction, [BigInt(accepted)]);
}

/** All that the guest can is taken note of; the host asks it for no hot remove. */
export function capabilitiesResponse(transaction: number): Uint8Array {
  return message(BalloonMessage.CapabilitiesResponse, transaction, [1n]);
}

export function balloonRequest(pages: number, transaction: number): Uint8Array {
  return message(BalloonMessage.BalloonRequest, transaction, [BigInt(pages)]);
}

/** At most MOST_RANGES. The guest answers the one that says that no more follow. */
export function unballoonRequest(ranges: readonly PageRange[], more: boolean, transaction: number): Uint8Array {
  const header = (BigInt(ranges.length) << 32n) | BigInt(more);
  const words = ranges.map(({ start, count }) => BigInt(start) | (BigInt(count) << 40n));
  return message(BalloonMessage.UnballoonRequest, transaction, [header, ...words]);
}

function message(type: number, transaction: number, body: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(HEADER + body.length * 8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, type, true);
  view.setUint16(2, bytes.length, true);
  view.setUint32(4, transaction, true);
  for (const [index, word] of body.entries()) view.setBigUint64(HEADER + index * 8, word, true);
  return bytes;
}
