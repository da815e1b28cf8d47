import { RNDIS_HEADER } from './rndis-packet.js';

/** RNDIS control messages (MS-RNDIS 2.2): what a driver asks of its adapter. */
const Request = { Initialize: 2, Halt: 3, Query: 4, Set: 5, Reset: 6, KeepAlive: 8 } as const;
const COMPLETE = 0x8000_0000;
const INDICATE_STATUS = 7;

export const RndisStatus = {
  Success: 0,
  Failure: 0xc000_0001,
  NotSupported: 0xc000_00bb,
  InvalidData: 0xc001_0015,
  MediaConnect: 0x4001_000b,
  MediaDisconnect: 0x4001_000c,
} as const;

export type RndisRequest =
  | { type: 'initialize'; id: number; major: number }
  | { type: 'halt' }
  | { type: 'query'; id: number; oid: number; data: Uint8Array }
  | { type: 'set'; id: number; oid: number; data: Uint8Array }
  | { type: 'reset' }
  | { type: 'keep-alive'; id: number };

/** null where its lengths do not hold together, or where it is unknown. */
export function decodeRndisRequest(message: Uint8Array): RndisRequest | null {
  if (message.length < RNDIS_HEADER + 4) return null;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const word = (index: number) => view.getUint32(index * 4, true);
  const id = word(2);
  switch (word(0)) {
    case Request.Initialize:
      return message.length < 24 ? null : { type: 'initialize', id, major: word(3) };
    case Request.Halt:
      return { type: 'halt' };
    case Request.Query:
    case Request.Set: {
      if (message.length < 28) return null;
      const [length, from] = [word(4), RNDIS_HEADER + word(5)];
      if (length > 0 && from + length > message.length) return null;
      const data = length === 0 ? new Uint8Array(0) : message.slice(from, from + length);
      return { type: word(0) === Request.Query ? 'query' : 'set', id, oid: word(3), data };
    }
    case Request.Reset:
      return { type: 'reset' };
    case Request.KeepAlive:
      return { type: 'keep-alive', id };
    default:
      return null;
  }
}

const CONNECTIONLESS = 1;
const MEDIUM_802_3 = 0;
/** As many data messages may stand in one packet, each on a multiple of two to the power of the alignment. */
const PACKETS_PER_MESSAGE = 8;
const ALIGNMENT_POWER = 3;

export function initializeComplete(id: number, status: number, largestTransfer: number): Uint8Array {
  const version = [1, 0];
  const limits = [CONNECTIONLESS, MEDIUM_802_3, PACKETS_PER_MESSAGE, largestTransfer, ALIGNMENT_POWER, 0, 0];
  return control(Request.Initialize + COMPLETE, [id, status, ...version, ...limits]);
}

export function queryComplete(id: number, status: number, data: Uint8Array): Uint8Array {
  const offset = data.length === 0 ? 0 : 16;
  return control(Request.Query + COMPLETE, [id, status, data.length, offset], data);
}

export const setComplete = (id: number, status: number): Uint8Array => control(Request.Set + COMPLETE, [id, status]);
/** Second word: nothing has to be set again, because a reset here forgets nothing. */
export const resetComplete = (): Uint8Array => control(Request.Reset + COMPLETE, [RndisStatus.Success, 0]);
export const keepAliveComplete = (id: number): Uint8Array =>
  control(Request.KeepAlive + COMPLETE, [id, RndisStatus.Success]);
export const indicateStatus = (status: number): Uint8Array => control(INDICATE_STATUS, [status, 0, 0]);

function control(type: number, fields: readonly number[], data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const bytes = new Uint8Array(RNDIS_HEADER + fields.length * 4 + data.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of [type, bytes.length, ...fields].entries()) view.setUint32(index * 4, value, true);
  bytes.set(data, RNDIS_HEADER + fields.length * 4);
  return bytes;
}
