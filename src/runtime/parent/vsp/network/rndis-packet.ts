import { ETHERNET_HEADER, type EthernetFrame, ethernetFrame, type Offload } from '../../ethernet/ethernet-frame.js';
import {
  type TransportHeaders,
  transportHeaders,
  UDP,
  word,
  writeIpLength,
  writeIpv4Checksum,
} from '../../ethernet/ip-headers.js';

/** RNDIS data messages (MS-RNDIS 2.2.14, REMOTE_NDIS_PACKET_MSG); offsets count from behind the message's header. */
export const RNDIS_PACKET = 1;
export const RNDIS_HEADER = 8;
const PACKET_HEADER = RNDIS_HEADER + 36;

/** Per-packet information: what stands beside a frame. */
const Info = { Checksum: 0, LargeSend: 2, Vlan: 6 } as const;
const INFO_HEADER = 12;
const INFO_BYTES = INFO_HEADER + 4;
/** More of them than there are kinds is nonsense. */
const MAX_INFOS = 16;

const CHECKSUM_TCP = 1 << 2;
const CHECKSUM_UDP = 1 << 3;
const CHECKSUM_IP = 1 << 4;
const TCP_SUCCEEDED = 1 << 3;
const UDP_SUCCEEDED = 1 << 4;
const IP_SUCCEEDED = 1 << 5;
const SEGMENT_MASK = 0xf_ffff;
const VLAN_MASK = 0xfff;
const VLAN_SHIFT = 4;

const ETHERTYPE_VLAN = 0x8100;

export interface TaggedFrame {
  frame: EthernetFrame;
  tag: number | null;
}

/** One data message of the guest, header included; null where its lengths do not hold together. */
export function decodeRndisPacket(message: Uint8Array): TaggedFrame | null {
  if (message.length < PACKET_HEADER) return null;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const field = (index: number) => view.getUint32(RNDIS_HEADER + index * 4, true);
  const [from, length] = [RNDIS_HEADER + field(0), field(1)];
  if (length < ETHERNET_HEADER || from + length > message.length) return null;
  const infos = decodeInfos(view, RNDIS_HEADER + field(5), field(6));
  if (infos === null) return null;
  const data = message.subarray(from, from + length);
  if (((infos.get(Info.Checksum) ?? 0) & CHECKSUM_IP) !== 0) writeIpv4Checksum(data);
  const offload = offloadOf(infos);
  if (word(data, 12) === ETHERTYPE_VLAN) return decodeTagged(data, infos, offload);
  const vlan = infos.get(Info.Vlan);
  const tag = vlan === undefined ? null : vlanOf(vlan);
  return withLengths(ethernetFrame(data, offload), tag);
}

/** The tag is in the frame itself: it comes off. */
function decodeTagged(data: Uint8Array, infos: Infos, offload: Offload | null): TaggedFrame | null {
  if (infos.has(Info.Vlan) || data.length < ETHERNET_HEADER + 4) return null;
  const bare = new Uint8Array(data.length - 4);
  bare.set(data.subarray(0, 12));
  bare.set(data.subarray(16), 12);
  const vlan = word(data, 14) & VLAN_MASK;
  return withLengths(ethernetFrame(bare, offload), vlan === 0 ? null : vlan);
}

/** A large send has no length in its IP header (it depends on where it is cut), so that it gets one here. */
function withLengths(frame: EthernetFrame, tag: number | null): TaggedFrame | null {
  if (frame.offload === null) return { frame, tag };
  const headers = transportHeaders(frame.data);
  if (headers === null) return null;
  if (frame.offload.segmentBytes > 0) writeIpLength(frame.data, headers);
  return { frame, tag };
}

type Infos = ReadonlyMap<number, number>;

function decodeInfos(view: DataView, start: number, length: number): Infos | null {
  const infos = new Map<number, number>();
  if (length === 0) return infos;
  const end = start + length;
  if (end > view.byteLength) return null;
  let at = start;
  for (let count = 0; at < end; count++) {
    if (count === MAX_INFOS || at + INFO_HEADER > end) return null;
    const size = view.getUint32(at, true);
    const value = view.getUint32(at + 8, true);
    if (size < INFO_HEADER || size % 4 !== 0 || size > end - at) return null;
    if (value + 4 <= size) infos.set(view.getUint32(at + 4, true), view.getUint32(at + value, true));
    at += size;
  }
  return infos;
}

function offloadOf(infos: Infos): Offload | null {
  const segmentBytes = (infos.get(Info.LargeSend) ?? 0) & SEGMENT_MASK;
  if (segmentBytes > 0) return { checksum: true, segmentBytes };
  const checksum = ((infos.get(Info.Checksum) ?? 0) & (CHECKSUM_TCP | CHECKSUM_UDP)) !== 0;
  return checksum ? { checksum, segmentBytes: 0 } : null;
}

function vlanOf(info: number): number | null {
  const vlan = (info >>> VLAN_SHIFT) & VLAN_MASK;
  return vlan === 0 ? null : vlan;
}

/** Bytes that a frame takes in the receive buffer at most. */
export function rndisPacketBytes(frame: EthernetFrame): number {
  return PACKET_HEADER + 2 * INFO_BYTES + frame.bytes;
}

/** A frame for the guest. One that its sender left without checksum never was on a wire, so that it is vouched for. */
export function encodeRndisPacket(frame: EthernetFrame, tag: number | null): Uint8Array {
  const infos: [number, number][] = [];
  const headers = frame.offload === null ? null : transportHeaders(frame.data);
  if (headers !== null) infos.push([Info.Checksum, vouched(headers)]);
  if (tag !== null) infos.push([Info.Vlan, tag << VLAN_SHIFT]);
  const dataAt = PACKET_HEADER + infos.length * INFO_BYTES;
  const message = new Uint8Array(dataAt + frame.data.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, RNDIS_PACKET, true);
  view.setUint32(4, message.length, true);
  view.setUint32(RNDIS_HEADER, dataAt - RNDIS_HEADER, true);
  view.setUint32(RNDIS_HEADER + 4, frame.data.length, true);
  if (infos.length > 0) {
    view.setUint32(RNDIS_HEADER + 20, PACKET_HEADER - RNDIS_HEADER, true);
    view.setUint32(RNDIS_HEADER + 24, infos.length * INFO_BYTES, true);
  }
  for (const [index, [type, value]] of infos.entries()) {
    const at = PACKET_HEADER + index * INFO_BYTES;
    for (const [word, content] of [INFO_BYTES, type, INFO_HEADER, value].entries()) {
      view.setUint32(at + word * 4, content, true);
    }
  }
  message.set(frame.data, dataAt);
  return message;
}

function vouched({ version, protocol }: TransportHeaders): number {
  return (protocol === UDP ? UDP_SUCCEEDED : TCP_SUCCEEDED) | (version === 4 ? IP_SUCCEEDED : 0);
}
