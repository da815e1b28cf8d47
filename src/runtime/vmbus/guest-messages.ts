/** The guest's side of the channel messages: what it says, and how it reads what the host says. */
import { guidText } from './host/guid.js';
import { type GuestMessage, MessageType, words } from './host/messages.js';

/** A message to the host as bytes. */
export function encodeMessage(message: GuestMessage): Uint8Array {
  switch (message.type) {
    case 'initiate contact': {
      const { version, interruptPage, monitorPage } = message;
      const pages = [interruptPage, 0, monitorPage].flatMap(halves);
      return words(MessageType.InitiateContact, 0, version, 0, ...pages);
    }
    case 'request offers':
      return words(MessageType.RequestOffers, 0);
    case 'open channel': {
      const { relid, openId, gpadl, targetVp, downstreamPage } = message;
      const userData = new Array<number>(30).fill(0);
      return words(MessageType.OpenChannel, 0, relid, openId, gpadl, targetVp, downstreamPage, ...userData);
    }
    case 'close channel':
      return words(MessageType.CloseChannel, 0, message.relid);
    case 'gpadl header': {
      const { relid, gpadl, rangeBytes, rangeCount, data } = message;
      return joined(words(MessageType.GpadlHeader, 0, relid, gpadl, (rangeBytes & 0xffff) | (rangeCount << 16)), data);
    }
    case 'gpadl body':
      return joined(words(MessageType.GpadlBody, 0, 0, message.gpadl), message.data);
    case 'gpadl teardown':
      return words(MessageType.GpadlTeardown, 0, message.relid, message.gpadl);
    case 'relid released':
      return words(MessageType.RelIdReleased, 0, message.relid);
    case 'unload':
      return words(MessageType.Unload, 0);
    case 'modify channel':
      return words(MessageType.ModifyChannel, 0, message.relid, 0);
  }
}

/** Page numbers that a header and each body of a GPADL have room for. */
const IN_HEADER = 26;
const IN_BODY = 28;

/** The messages that share pages `first` to `first + count - 1`. */
export function gpadlMessages(relid: number, gpadl: number, first: number, count: number): GuestMessage[] {
  const frames = (from: number, most: number) =>
    words(...Array.from({ length: Math.min(most, count - from) }, (_, i) => halves(first + from + i)).flat());
  const range = joined(words(count * 4096, 0), frames(0, IN_HEADER));
  const rangeBytes = 8 + count * 8;
  const messages: GuestMessage[] = [{ type: 'gpadl header', relid, gpadl, rangeBytes, rangeCount: 1, data: range }];
  for (let at = IN_HEADER; at < count; at += IN_BODY) {
    messages.push({ type: 'gpadl body', gpadl, data: frames(at, IN_BODY) });
  }
  return messages;
}

/** A device, or a further channel of one, as the guest hears of it. */
export interface OfferedChannel {
  relid: number;
  connectionId: number;
  interfaceId: string;
  instanceId: string;
  subChannel: number;
  /** Its trigger in the monitor page, or null: it is signalled by a hypercall. */
  monitor: number | null;
}

export type HostMessage =
  | { type: 'version response'; supported: boolean; messageConnection: number }
  | { type: 'offer'; offer: OfferedChannel }
  | { type: 'all offers delivered' }
  | { type: 'rescind'; relid: number }
  | { type: 'gpadl created'; gpadl: number; good: boolean }
  | { type: 'gpadl torndown'; gpadl: number }
  | { type: 'open result'; relid: number; good: boolean }
  | { type: 'unload complete' };

/** What the host says; null where a guest has no use for it. */
export function decodeHostMessage(bytes: Uint8Array): HostMessage | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = (at: number) => view.getUint32(at, true);
  switch (word(0)) {
    case MessageType.VersionResponse:
      return { type: 'version response', supported: view.getUint8(8) !== 0, messageConnection: word(12) };
    case MessageType.OfferChannel:
      return {
        type: 'offer',
        offer: {
          relid: word(184),
          connectionId: word(192),
          interfaceId: guidText(bytes.subarray(8, 24)),
          instanceId: guidText(bytes.subarray(24, 40)),
          subChannel: view.getUint16(180, true),
          monitor: (view.getUint8(189) & 1) === 0 ? null : view.getUint8(188),
        },
      };
    case MessageType.AllOffersDelivered:
      return { type: 'all offers delivered' };
    case MessageType.RescindChannelOffer:
      return { type: 'rescind', relid: word(8) };
    case MessageType.GpadlCreated:
      return { type: 'gpadl created', gpadl: word(12), good: word(16) === 0 };
    case MessageType.GpadlTorndown:
      return { type: 'gpadl torndown', gpadl: word(8) };
    case MessageType.OpenChannelResult:
      return { type: 'open result', relid: word(8), good: word(16) === 0 };
    case MessageType.UnloadComplete:
      return { type: 'unload complete' };
    default:
      return null;
  }
}

function halves(value: number): [low: number, high: number] {
  return [value >>> 0, Math.floor(value / 4294967296)];
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
