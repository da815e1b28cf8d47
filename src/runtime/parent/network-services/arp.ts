import { ETHERNET_HEADER, type EthernetFrame, ethernetFrame } from '../ethernet/ethernet-frame.js';
import { setWord, word } from '../ethernet/ip-headers.js';
import { type MacAddress, macAt, macBytes } from '../switch/mac-address.js';
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, type Ipv4Address, ipv4At, setIpv4 } from './ipv4.js';

/** Address resolution for IPv4 over Ethernet (RFC 826). */
const BYTES = 28;
const ETHERNET = 1;
const LENGTHS = 0x0604;
const REQUEST = 1;
const REPLY = 2;

/** The IPv4 address that the sender of a request or reply says it has; null where the frame is neither, or says none. */
export function arpSender({ data, source }: EthernetFrame): Ipv4Address | null {
  const at = ETHERNET_HEADER;
  if (data.length < at + BYTES || word(data, 12) !== ETHERTYPE_ARP) return null;
  const isOfIpv4 =
    word(data, at) === ETHERNET && word(data, at + 2) === ETHERTYPE_IPV4 && word(data, at + 4) === LENGTHS;
  return isOfIpv4 && macAt(data, at + 8) === source ? ipv4At(data, at + 14) || null : null;
}

/** The reply to a request for that address; null where the frame is none. */
export function answerArp(
  { data, source }: EthernetFrame,
  mac: MacAddress,
  address: Ipv4Address,
): EthernetFrame | null {
  const at = ETHERNET_HEADER;
  if (data.length < at + BYTES) return null;
  const isRequest =
    word(data, at) === ETHERNET &&
    word(data, at + 2) === ETHERTYPE_IPV4 &&
    word(data, at + 4) === LENGTHS &&
    word(data, at + 6) === REQUEST;
  if (!isRequest || ipv4At(data, at + 24) !== address || macAt(data, at + 8) !== source) return null;
  const reply = new Uint8Array(at + BYTES);
  reply.set(macBytes(source), 0);
  reply.set(macBytes(mac), 6);
  setWord(reply, 12, ETHERTYPE_ARP);
  reply.set(data.subarray(at, at + 6), at);
  setWord(reply, at + 6, REPLY);
  reply.set(macBytes(mac), at + 8);
  setIpv4(reply, at + 14, address);
  reply.set(data.subarray(at + 8, at + 18), at + 18);
  return ethernetFrame(reply);
}
