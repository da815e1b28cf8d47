import { ETHERNET_HEADER, type EthernetFrame, ethernetFrame } from '../ethernet/ethernet-frame.js';
import { checksumOf, sumWords } from '../ethernet/internet-checksum.js';
import { setWord, word } from '../ethernet/ip-headers.js';
import { type MacAddress, macBytes } from '../switch/mac-address.js';

/** An IPv4 address as a number of 32 bits. */
export type Ipv4Address = number;

export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ICMP = 1;
export const UDP = 17;
export const IPV4_HEADER = 20;
export const UDP_HEADER = 8;
const TIME_TO_LIVE = 64;
/** More fragments follow, or this is not the first. */
const FRAGMENT = 0x3fff;

export interface Ipv4Packet {
  source: Ipv4Address;
  destination: Ipv4Address;
  protocol: number;
  payload: Uint8Array;
}

export interface UdpDatagram {
  sourcePort: number;
  destinationPort: number;
  payload: Uint8Array;
}

export function ipv4At(data: Uint8Array, at: number): Ipv4Address {
  return word(data, at) * 0x10000 + word(data, at + 2);
}

export function setIpv4(data: Uint8Array, at: number, address: Ipv4Address): void {
  setWord(data, at, address >>> 16);
  setWord(data, at + 2, address & 0xffff);
}

/** A whole IPv4 packet; null where its lengths or its checksum do not hold, or where it is a fragment. */
export function decodeIpv4({ data }: EthernetFrame): Ipv4Packet | null {
  const at = ETHERNET_HEADER;
  if (data.length < at + IPV4_HEADER || data[at]! >> 4 !== 4) return null;
  const headerBytes = (data[at]! & 15) * 4;
  const total = word(data, at + 2);
  if (headerBytes < IPV4_HEADER || total < headerBytes || at + total > data.length) return null;
  if ((word(data, at + 6) & FRAGMENT) !== 0) return null;
  if (checksumOf(sumWords(data, at, at + headerBytes)) !== 0) return null;
  return {
    source: ipv4At(data, at + 12),
    destination: ipv4At(data, at + 16),
    protocol: data[at + 9]!,
    payload: data.subarray(at + headerBytes, at + total),
  };
}

/** null where its length does not hold, or its checksum where it has one. `trusted`: the checksum is not computed yet. */
export function decodeUdp({ payload: bytes, source, destination }: Ipv4Packet, trusted: boolean): UdpDatagram | null {
  if (bytes.length < UDP_HEADER) return null;
  const length = word(bytes, 4);
  if (length < UDP_HEADER || length > bytes.length) return null;
  const hasChecksum = word(bytes, 6) !== 0;
  if (hasChecksum && !trusted && checksumOf(pseudoSum(bytes, length, source, destination)) !== 0) return null;
  return {
    sourcePort: word(bytes, 0),
    destinationPort: word(bytes, 2),
    payload: bytes.subarray(UDP_HEADER, length),
  };
}

export function encodeUdp(datagram: UdpDatagram, source: Ipv4Address, destination: Ipv4Address): Uint8Array {
  const { sourcePort, destinationPort, payload } = datagram;
  const bytes = new Uint8Array(UDP_HEADER + payload.length);
  setWord(bytes, 0, sourcePort);
  setWord(bytes, 2, destinationPort);
  setWord(bytes, 4, bytes.length);
  bytes.set(payload, UDP_HEADER);
  setWord(bytes, 6, checksumOf(pseudoSum(bytes, bytes.length, source, destination)) || 0xffff);
  return bytes;
}

export function encodeIpv4(packet: Ipv4Packet, from: MacAddress, to: MacAddress): EthernetFrame {
  const { source, destination, protocol, payload } = packet;
  const data = new Uint8Array(ETHERNET_HEADER + IPV4_HEADER + payload.length);
  data.set(macBytes(to), 0);
  data.set(macBytes(from), 6);
  setWord(data, 12, ETHERTYPE_IPV4);
  const at = ETHERNET_HEADER;
  data[at] = 0x45;
  setWord(data, at + 2, IPV4_HEADER + payload.length);
  data[at + 8] = TIME_TO_LIVE;
  data[at + 9] = protocol;
  setIpv4(data, at + 12, source);
  setIpv4(data, at + 16, destination);
  setWord(data, at + 10, checksumOf(sumWords(data, at, at + IPV4_HEADER)));
  data.set(payload, at + IPV4_HEADER);
  return ethernetFrame(data);
}

function pseudoSum(bytes: Uint8Array, length: number, source: Ipv4Address, destination: Ipv4Address): number {
  const addresses = new Uint8Array(8);
  setIpv4(addresses, 0, source);
  setIpv4(addresses, 4, destination);
  return sumWords(bytes, 0, length, sumWords(addresses, 0, 8, UDP + length));
}
