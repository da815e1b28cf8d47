import { VERSION_5_0 } from '../versions.js';
import { guidBytes } from './guid.js';

/** Channel messages (openvmm, vmbus_core/src/protocol.rs; all integers little-endian, an 8-byte header with the type). */
export const MessageType = {
  OfferChannel: 1,
  RescindChannelOffer: 2,
  RequestOffers: 3,
  AllOffersDelivered: 4,
  OpenChannel: 5,
  OpenChannelResult: 6,
  CloseChannel: 7,
  GpadlHeader: 8,
  GpadlBody: 9,
  GpadlCreated: 10,
  GpadlTeardown: 11,
  GpadlTorndown: 12,
  RelIdReleased: 13,
  InitiateContact: 14,
  VersionResponse: 15,
  Unload: 16,
  UnloadComplete: 17,
  ModifyChannel: 22,
  ModifyChannelResponse: 24,
} as const;

/** NTSTATUS values that a guest sees in results. */
export const SUCCESS = 0;
export const UNSUCCESSFUL = 0xc0000001;

export type GuestMessage =
  /**
   * Versions before 2.4 share a page of interrupt bits. Of the two monitor pages `monitorPage` is the one by which the child
   * signals; the host signals by the SynIC.
   */
  | { type: 'initiate contact'; version: number; interruptPage: number; monitorPage: number }
  | { type: 'request offers' }
  | { type: 'open channel'; relid: number; openId: number; gpadl: number; targetVp: number; downstreamPage: number }
  | { type: 'close channel'; relid: number }
  | { type: 'gpadl header'; relid: number; gpadl: number; rangeBytes: number; rangeCount: number; data: Uint8Array }
  | { type: 'gpadl body'; gpadl: number; data: Uint8Array }
  | { type: 'gpadl teardown'; relid: number; gpadl: number }
  | { type: 'relid released'; relid: number }
  | { type: 'unload' }
  | { type: 'modify channel'; relid: number };

/** What the guest says, or null where the message is unknown or too short for what it claims to be. */
export function decodeMessage(bytes: Uint8Array): GuestMessage | null {
  if (bytes.length < 8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = (at: number) => view.getUint32(at, true);
  const address = (at: number) => word(at + 4) * 0x100000000 + word(at);
  const type = word(0);
  if (bytes.length < (SHORTEST[type] ?? Number.POSITIVE_INFINITY)) return null;
  switch (type) {
    case MessageType.InitiateContact:
      return {
        type: 'initiate contact',
        version: word(8),
        interruptPage: bytes.length < 24 ? 0 : address(16),
        monitorPage: bytes.length < 40 ? 0 : address(32),
      };
    case MessageType.RequestOffers:
      return { type: 'request offers' };
    case MessageType.OpenChannel:
      return {
        type: 'open channel',
        relid: word(8),
        openId: word(12),
        gpadl: word(16),
        targetVp: word(20),
        downstreamPage: word(24),
      };
    case MessageType.CloseChannel:
      return { type: 'close channel', relid: word(8) };
    case MessageType.GpadlHeader:
      return {
        type: 'gpadl header',
        relid: word(8),
        gpadl: word(12),
        rangeBytes: view.getUint16(16, true),
        rangeCount: view.getUint16(18, true),
        data: bytes.slice(20),
      };
    case MessageType.GpadlBody:
      return { type: 'gpadl body', gpadl: word(12), data: bytes.slice(16) };
    case MessageType.GpadlTeardown:
      return { type: 'gpadl teardown', relid: word(8), gpadl: word(12) };
    case MessageType.RelIdReleased:
      return { type: 'relid released', relid: word(8) };
    case MessageType.Unload:
      return { type: 'unload' };
    case MessageType.ModifyChannel:
      return { type: 'modify channel', relid: word(8) };
    default:
      return null;
  }
}

/** Bytes that each message has at least, its header included. */
const SHORTEST: Readonly<Record<number, number>> = {
  [MessageType.RequestOffers]: 8,
  [MessageType.OpenChannel]: 28,
  [MessageType.CloseChannel]: 12,
  [MessageType.GpadlHeader]: 20,
  [MessageType.GpadlBody]: 16,
  [MessageType.GpadlTeardown]: 16,
  [MessageType.RelIdReleased]: 12,
  [MessageType.InitiateContact]: 16,
  [MessageType.Unload]: 8,
  [MessageType.ModifyChannel]: 16,
};

export interface OfferFields {
  relid: number;
  connectionId: number;
  interfaceId: string;
  instanceId: string;
  /** A pipe that carries messages, as the integration services are. */
  messagePipe: boolean;
  /** Memory above RAM that the guest has to find a place for. */
  mmioMegabytes?: number;
  /** 0 for the device itself, then its further channels. */
  subChannel: number;
  /** What the guest signals by instead of a hypercall, or null. */
  monitor: number | null;
}

const ENUMERATE_DEVICE_INTERFACE = 1;
const NAMED_PIPE_MODE = 0x10;
const PIPE_TYPE_MESSAGE = 4;
const MONITOR_ALLOCATED = 1;
const DEDICATED_INTERRUPT = 1;

export function offerChannel(offer: OfferFields): Uint8Array {
  const bytes = new Uint8Array(196);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MessageType.OfferChannel, true);
  bytes.set(guidBytes(offer.interfaceId), 8);
  bytes.set(guidBytes(offer.instanceId), 24);
  view.setUint16(56, ENUMERATE_DEVICE_INTERFACE | (offer.messagePipe ? NAMED_PIPE_MODE : 0), true);
  view.setUint16(58, offer.mmioMegabytes ?? 0, true);
  if (offer.messagePipe) view.setUint32(60, PIPE_TYPE_MESSAGE, true);
  view.setUint16(180, offer.subChannel, true);
  view.setUint32(184, offer.relid, true);
  view.setUint8(188, offer.monitor ?? 0);
  view.setUint8(189, offer.monitor === null ? 0 : MONITOR_ALLOCATED);
  view.setUint16(190, DEDICATED_INTERRUPT, true);
  view.setUint32(192, offer.connectionId, true);
  return bytes;
}

export function versionResponse(supported: boolean, version: number): Uint8Array {
  const messageConnection = version >= VERSION_5_0 ? 4 : 0;
  return words(MessageType.VersionResponse, 0, supported ? 1 : 0, messageConnection);
}

export const allOffersDelivered = (): Uint8Array => words(MessageType.AllOffersDelivered, 0);
export const rescindChannelOffer = (relid: number): Uint8Array => words(MessageType.RescindChannelOffer, 0, relid);
export const openChannelResult = (relid: number, openId: number, status: number): Uint8Array =>
  words(MessageType.OpenChannelResult, 0, relid, openId, status);
export const gpadlCreated = (relid: number, gpadl: number, status: number): Uint8Array =>
  words(MessageType.GpadlCreated, 0, relid, gpadl, status);
export const gpadlTorndown = (gpadl: number): Uint8Array => words(MessageType.GpadlTorndown, 0, gpadl);
export const unloadComplete = (): Uint8Array => words(MessageType.UnloadComplete, 0);
export const modifyChannelResponse = (relid: number, status: number): Uint8Array =>
  words(MessageType.ModifyChannelResponse, 0, relid, status);

export function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of values.entries()) view.setUint32(at * 4, value, true);
  return bytes;
}
