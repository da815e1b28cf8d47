import {
  BALLOON_HEADER,
  BalloonMessage,
  balloonMessage,
  type GuestPages,
  packRange,
  unpackRange,
} from '../vmbus/balloon-messages.js';

/** The guest's side of the dynamic memory channel: what the host may say. */
export type FromHost =
  | { type: 'version answered'; accepted: boolean }
  | { type: 'capabilities answered' }
  | { type: 'balloon'; pages: number }
  | { type: 'unballoon'; ranges: GuestPages[]; more: boolean }
  | { type: 'hot add'; pages: GuestPages };

/** null where it makes no sense. */
export function decodeHostMessage(bytes: Uint8Array): FromHost | null {
  if (bytes.length < BALLOON_HEADER + 8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const low = view.getUint32(BALLOON_HEADER, true);
  switch (view.getUint16(0, true)) {
    case BalloonMessage.VersionResponse:
      return { type: 'version answered', accepted: (low & 1) === 1 };
    case BalloonMessage.CapabilitiesResponse:
      return { type: 'capabilities answered' };
    case BalloonMessage.BalloonRequest:
      return { type: 'balloon', pages: low };
    case BalloonMessage.UnballoonRequest: {
      const count = view.getUint32(BALLOON_HEADER + 4, true);
      if (BALLOON_HEADER + 8 + count * 8 > bytes.length) return null;
      const ranges = Array.from({ length: count }, (_, index) =>
        unpackRange(view.getBigUint64(BALLOON_HEADER + 8 + index * 8, true)),
      );
      return { type: 'unballoon', ranges, more: (low & 1) === 1 };
    }
    case BalloonMessage.HotAddRequest:
      return { type: 'hot add', pages: unpackRange(view.getBigUint64(BALLOON_HEADER, true)) };
    default:
      return null;
  }
}

/** `last`: the guest knows no older one. */
export function versionRequest(version: number, last: boolean, transaction: number): Uint8Array {
  return balloonMessage(BalloonMessage.VersionRequest, transaction, [BigInt(version) | (BigInt(last) << 32n)]);
}

/** It can give up and take back pages, and be given new ones. */
export function capabilitiesReport(transaction: number): Uint8Array {
  return balloonMessage(BalloonMessage.CapabilitiesReport, transaction, [3n, 0n, 0n]);
}

/** `committedPages` counts what the balloon holds, too. The counters of the guest's own paging are 0. */
export function statusReport(availablePages: number, committedPages: number, transaction: number): Uint8Array {
  const words = [BigInt(availablePages), BigInt(committedPages), 0n, 0n, 0n];
  return balloonMessage(BalloonMessage.Status, transaction, words);
}

export function balloonResponse(ranges: readonly GuestPages[], transaction: number): Uint8Array {
  const header = BigInt(ranges.length) << 33n;
  return balloonMessage(BalloonMessage.BalloonResponse, transaction, [header, ...ranges.map(packRange)]);
}

export function unballoonResponse(transaction: number): Uint8Array {
  return balloonMessage(BalloonMessage.UnballoonResponse, transaction, []);
}

/** All of them are in use. */
export function hotAddResponse(pages: number, transaction: number): Uint8Array {
  return balloonMessage(BalloonMessage.HotAddResponse, transaction, [BigInt(pages) | (1n << 32n)]);
}
