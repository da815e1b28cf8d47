/** Messages of the network VSP protocol (openvmm, netvsp/src/protocol.rs): a type and words, 40 bytes at most. */
export const NVSP_VERSIONS: readonly number[] = [
  0x0006_0001, 0x0006_0000, 0x0005_0000, 0x0004_0000, 0x0003_0002, 0x0002,
];
const VERSION_2 = 0x0003_0002;
const VERSION_4 = 0x0004_0000;
const VERSION_5 = 0x0005_0000;

const Type = {
  Init: 1,
  InitComplete: 2,
  SendNdisVersion: 100,
  SendReceiveBuffer: 101,
  SendReceiveBufferComplete: 102,
  RevokeReceiveBuffer: 103,
  SendSendBuffer: 104,
  SendSendBufferComplete: 105,
  RevokeSendBuffer: 106,
  SendRndisPacket: 107,
  SendRndisPacketComplete: 108,
  SendNdisConfig: 125,
  SwitchDataPath: 129,
  OidQueryEx: 131,
  OidQueryExComplete: 132,
  SubChannel: 133,
} as const;

export const NvspStatus = { Success: 1, Failure: 2, InvalidRndisPacket: 5 } as const;

/** The packet is not in the send buffer but in the pages that the VMBus packet lends. */
export const NO_SECTION = 0xffff_ffff;
const CONTROL_CHANNEL = 1;
const DATA_CHANNEL = 0;

const MESSAGE_BYTES = 40;

export type NvspMessage =
  | { type: 'init'; minimum: number; maximum: number }
  | { type: 'ndis version'; major: number; minor: number }
  | { type: 'receive buffer'; gpadl: number; id: number }
  | { type: 'revoke receive buffer' }
  | { type: 'send buffer'; gpadl: number }
  | { type: 'revoke send buffer' }
  | { type: 'rndis packet'; control: boolean; section: number; sectionBytes: number }
  | { type: 'ndis config' }
  | { type: 'switch data path' }
  | { type: 'oid query' }
  | { type: 'sub-channels'; count: number };

/** `version`: what was agreed, 0 before. null: too short, or not known in that version. */
export function decodeNvsp(payload: Uint8Array, version: number): NvspMessage | null {
  const words = Math.floor(payload.length / 4);
  if (words === 0) return null;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const type = view.getUint32(0, true);
  const form = FORMS[type];
  if (form === undefined || version < form.since || words < 1 + form.words) return null;
  return form.decode((index) => view.getUint32(4 + index * 4, true));
}

interface Form {
  /** Words behind the type. */
  words: number;
  since: number;
  decode(word: (index: number) => number): NvspMessage;
}

const FORMS: Readonly<Record<number, Form>> = {
  [Type.Init]: {
    words: 2,
    since: 0,
    decode: (word) => ({ type: 'init', minimum: word(0), maximum: word(1) }),
  },
  [Type.SendNdisVersion]: {
    words: 2,
    since: 1,
    decode: (word) => ({ type: 'ndis version', major: word(0), minor: word(1) }),
  },
  [Type.SendReceiveBuffer]: {
    words: 2,
    since: 1,
    decode: (word) => ({ type: 'receive buffer', gpadl: word(0), id: word(1) & 0xffff }),
  },
  [Type.RevokeReceiveBuffer]: { words: 0, since: 1, decode: () => ({ type: 'revoke receive buffer' }) },
  [Type.SendSendBuffer]: { words: 2, since: 1, decode: (word) => ({ type: 'send buffer', gpadl: word(0) }) },
  [Type.RevokeSendBuffer]: { words: 0, since: 1, decode: () => ({ type: 'revoke send buffer' }) },
  [Type.SendRndisPacket]: {
    words: 3,
    since: 1,
    decode: (word) => ({
      type: 'rndis packet',
      control: word(0) === CONTROL_CHANNEL,
      section: word(1),
      sectionBytes: word(2),
    }),
  },
  [Type.SendNdisConfig]: { words: 4, since: VERSION_2, decode: () => ({ type: 'ndis config' }) },
  [Type.SwitchDataPath]: { words: 1, since: VERSION_4, decode: () => ({ type: 'switch data path' }) },
  [Type.OidQueryEx]: { words: 2, since: VERSION_5, decode: () => ({ type: 'oid query' }) },
  [Type.SubChannel]: {
    words: 2,
    since: VERSION_5,
    decode: (word) => ({ type: 'sub-channels', count: word(1) }),
  },
};

/** Guests may send several pages of data in one piece. */
const LONGEST_MDL_CHAIN = 34;

export const initComplete = (version: number, status: number): Uint8Array =>
  message(Type.InitComplete, version, LONGEST_MDL_CHAIN, status);

export const receiveBufferComplete = (sectionBytes: number, sections: number): Uint8Array =>
  message(Type.SendReceiveBufferComplete, NvspStatus.Success, 1, 0, sectionBytes, sections, sectionBytes * sections);

export const receiveBufferRefused = (): Uint8Array => message(Type.SendReceiveBufferComplete, NvspStatus.Failure);

export const sendBufferComplete = (sectionBytes: number): Uint8Array =>
  message(Type.SendSendBufferComplete, NvspStatus.Success, sectionBytes);

export const sendBufferRefused = (): Uint8Array => message(Type.SendSendBufferComplete, NvspStatus.Failure);

export const rndisPacketComplete = (status: number): Uint8Array => message(Type.SendRndisPacketComplete, status);

export const subChannelsComplete = (status: number, count: number): Uint8Array =>
  message(Type.SubChannel, status, count);

/** NDIS_STATUS_NOT_SUPPORTED and no bytes. */
export const oidQueryRefused = (): Uint8Array => message(Type.OidQueryExComplete, 0xc000_00bb, 0);

export const rndisPacket = (control: boolean): Uint8Array =>
  message(Type.SendRndisPacket, control ? CONTROL_CHANNEL : DATA_CHANNEL, NO_SECTION, 0);

/** What answers a message that has no answer of its own, where one was asked for. */
export const acknowledged = (): Uint8Array => message(0);

function message(type: number, ...values: number[]): Uint8Array {
  const bytes = new Uint8Array(MESSAGE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  for (const [index, value] of values.entries()) view.setUint32(4 + index * 4, value, true);
  return bytes;
}
