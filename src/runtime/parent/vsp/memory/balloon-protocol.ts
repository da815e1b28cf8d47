import {
  BALLOON_HEADER,
  BalloonMessage,
  balloonMessage,
  type GuestPages,
  packRange,
  unpackRange,
} from '../../../vmbus/balloon-messages.js';

/** What fits into a page with the header: Linux reads messages into one. */
export const MOST_RANGES = 500;

/** The host's side of the dynamic memory channel: what a guest may say. */
export type FromGuest =
  | { type: 'version'; version: number }
  | { type: 'capabilities'; balloon: boolean; hotAdd: boolean }
  /** `committedPages` counts what the balloon holds, too. */
  | { type: 'status'; availablePages: number; committedPages: number }
  | { type: 'ballooned'; ranges: GuestPages[]; more: boolean }
  | { type: 'unballooned' }
  /** Pages that the guest now uses. */
  | { type: 'hot added'; pages: number }
  | { type: 'other' };

/** null where it is too short for what it claims. */
export function decodeBalloonMessage(bytes: Uint8Array): FromGuest | null {
  if (bytes.length < BALLOON_HEADER) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const body = bytes.length - BALLOON_HEADER;
  switch (view.getUint16(0, true)) {
    case BalloonMessage.VersionRequest:
      return body < 8 ? null : { type: 'version', version: view.getUint32(BALLOON_HEADER, true) };
    case BalloonMessage.CapabilitiesReport: {
      if (body < 8) return null;
      const flags = view.getUint8(BALLOON_HEADER);
      return { type: 'capabilities', balloon: (flags & 1) !== 0, hotAdd: (flags & 2) !== 0 };
    }
    case BalloonMessage.Status:
      if (body < 16) return null;
      return {
        type: 'status',
        availablePages: Number(view.getBigUint64(BALLOON_HEADER, true)),
        committedPages: Number(view.getBigUint64(BALLOON_HEADER + 8, true)),
      };
    case BalloonMessage.BalloonResponse:
      return body < 8 ? null : ballooned(view);
    case BalloonMessage.UnballoonResponse:
      return { type: 'unballooned' };
    case BalloonMessage.HotAddResponse:
      return body < 8 ? null : hotAdded(view);
    default:
      return { type: 'other' };
  }
}

function ballooned(view: DataView): FromGuest | null {
  const word = view.getUint32(BALLOON_HEADER + 4, true);
  const count = word >>> 1;
  const first = BALLOON_HEADER + 8;
  if (first + count * 8 > view.byteLength) return null;
  const ranges = Array.from({ length: count }, (_, index) => unpackRange(view.getBigUint64(first + index * 8, true)));
  return { type: 'ballooned', ranges, more: (word & 1) !== 0 };
}

/** A guest that could not add them says a result of 0. */
function hotAdded(view: DataView): FromGuest {
  const worked = view.getUint32(BALLOON_HEADER + 4, true) === 1;
  return { type: 'hot added', pages: worked ? view.getUint32(BALLOON_HEADER, true) : 0 };
}

export function versionResponse(accepted: boolean, transaction: number): Uint8Array {
  return balloonMessage(BalloonMessage.VersionResponse, transaction, [BigInt(accepted)]);
}

/** All that the guest can is taken note of; the host asks it for no hot remove. */
export function capabilitiesResponse(transaction: number): Uint8Array {
  return balloonMessage(BalloonMessage.CapabilitiesResponse, transaction, [1n]);
}

export function balloonRequest(pages: number, transaction: number): Uint8Array {
  return balloonMessage(BalloonMessage.BalloonRequest, transaction, [BigInt(pages)]);
}

/** At most {@link MOST_RANGES}. The guest answers the one that says that no more follow. */
export function unballoonRequest(ranges: readonly GuestPages[], more: boolean, transaction: number): Uint8Array {
  const header = (BigInt(ranges.length) << 32n) | BigInt(more);
  return balloonMessage(BalloonMessage.UnballoonRequest, transaction, [header, ...ranges.map(packRange)]);
}

/** Pages beyond those that the guest has seen so far; one range. */
export function hotAddRequest(pages: GuestPages, transaction: number): Uint8Array {
  return balloonMessage(BalloonMessage.HotAddRequest, transaction, [packRange(pages)]);
}
