import { COMPLETION_REQUESTED, PacketType, type RingPacket } from './ring-packet.js';

/** The send message of the network VSC: an NVSP header that says how many bytes the RNDIS message has (Linux hyperv_net.h). */
const SEND_RNDIS_PACKET = 107;
const NVSP_BYTES = 40;
const SUB_CHANNEL = 133;
const ALLOCATE = 1;

/** The bytes lie elsewhere than in the send buffer. */
export const NO_SECTION = 0xffffffff;

/** `section`: of the send buffer, where the message lies. */
export function encodeSend(body: Uint8Array, bytes: number, section = NO_SECTION): number {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  body.fill(0, 0, NVSP_BYTES);
  view.setUint32(0, SEND_RNDIS_PACKET, true);
  view.setUint32(8, section, true);
  view.setUint32(12, bytes, true);
  return NVSP_BYTES;
}

/** The bytes to send, or -1 when the message is none or longer than `maximumBytes`. */
export function decodeSend(body: Uint8Array, bodyBytes: number, maximumBytes: number): number {
  if (bodyBytes < NVSP_BYTES || bodyBytes > body.length) return -1;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const bytes = view.getUint32(12, true);
  return view.getUint32(0, true) === SEND_RNDIS_PACKET && bytes > 0 && bytes <= maximumBytes ? bytes : -1;
}

/** Where the message lies that {@link decodeSend} has found good. */
export function sectionOf(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(8, true);
}

/** Asks for further channels (Linux hyperv_net.h, version 5); the answer says how many come. */
export function encodeSubChannelRequest(packet: RingPacket, count: number): void {
  packet.type = PacketType.InBand;
  packet.flags = COMPLETION_REQUESTED;
  packet.payloadAt = 0;
  packet.bodyBytes = NVSP_BYTES;
  packet.body.fill(0, 0, NVSP_BYTES);
  packet.view.setUint32(0, SUB_CHANNEL, true);
  packet.view.setUint32(4, ALLOCATE, true);
  packet.view.setUint32(8, count, true);
}

/** The further channels that are asked for, or -1 when the message is none. */
export function decodeSubChannelRequest({ type, view, bodyBytes }: RingPacket): number {
  const asks =
    type === PacketType.InBand &&
    bodyBytes >= NVSP_BYTES &&
    view.getUint32(0, true) === SUB_CHANNEL &&
    view.getUint32(4, true) === ALLOCATE;
  return asks ? view.getUint32(8, true) : -1;
}

/** `count` 0: there are none to be had. */
export function encodeSubChannelAnswer(packet: RingPacket, count: number): void {
  packet.view.setUint32(0, SUB_CHANNEL, true);
  packet.view.setUint32(4, count > 0 ? SUCCESS : FAILURE, true);
  packet.view.setUint32(8, count, true);
  packet.bodyBytes = 16;
}

const RANGES_HEADER = 8;
const RANGE_BYTES = 8;
const RECEIVE_BUFFER_ID = 0xcafe;
const SEND_RNDIS_PACKET_COMPLETE = 108;
const SUCCESS = 1;
const FAILURE = 2;

/** Most frames that one packet hands over. */
export const MAXIMUM_RANGES = 64;

/** Hands frames over: a transfer-page packet with the place and length of each in the receive buffer. */
export function encodeTransfer(packet: RingPacket, transaction: number, frames: readonly { bytes: number }[]): void {
  packet.type = PacketType.TransferPages;
  packet.flags = COMPLETION_REQUESTED;
  packet.transaction = transaction;
  packet.payloadAt = RANGES_HEADER + RANGE_BYTES * frames.length;
  const { view } = packet;
  view.setUint32(0, RECEIVE_BUFFER_ID, true);
  view.setUint32(4, frames.length, true);
  for (const [i, { bytes }] of frames.entries()) {
    view.setUint32(RANGES_HEADER + RANGE_BYTES * i, bytes, true);
    view.setUint32(RANGES_HEADER + RANGE_BYTES * i + 4, 0, true);
  }
  packet.bodyBytes = packet.payloadAt + encodeSend(packet.body.subarray(packet.payloadAt), 0);
}

/** Frames that a transfer-page packet hands over. */
export function transferredFrames({ view, bodyBytes }: RingPacket): number {
  return bodyBytes < RANGES_HEADER ? 0 : view.getUint32(4, true);
}

/** Gives the room of the frames of one packet back. */
export function encodeReturn(packet: RingPacket, transaction: number): void {
  packet.type = PacketType.Completion;
  packet.flags = 0;
  packet.transaction = transaction;
  packet.payloadAt = 0;
  packet.bodyBytes = 8;
  packet.view.setUint32(0, SEND_RNDIS_PACKET_COMPLETE, true);
  packet.view.setUint32(4, SUCCESS, true);
}
