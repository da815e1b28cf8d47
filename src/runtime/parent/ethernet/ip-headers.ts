import { ETHERNET_HEADER } from './ethernet-frame.js';
import { checksumOf, sumWords } from './internet-checksum.js';

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
export const TCP = 6;
export const UDP = 17;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const TCP_HEADER = 20;
const UDP_HEADER = 8;
/** Hop-by-hop options, routing and destination options of IPv6: eight bytes and more, the second byte their length. */
const EXTENSIONS: readonly number[] = [0, 43, 60];
const MAX_EXTENSIONS = 8;

/** Where the headers of a frame that carries TCP or UDP over IP begin, in bytes from its start. */
export interface TransportHeaders {
  version: 4 | 6;
  protocol: typeof TCP | typeof UDP;
  network: number;
  transport: number;
  payload: number;
}

/** null: no whole TCP or UDP header over IP, or a fragment of one. */
export function transportHeaders(data: Uint8Array): TransportHeaders | null {
  const type = data.length < ETHERNET_HEADER ? 0 : word(data, 12);
  const found = type === ETHERTYPE_IPV4 ? overIpv4(data) : type === ETHERTYPE_IPV6 ? overIpv6(data) : null;
  if (found === null) return null;
  const { version, protocol, transport } = found;
  if (protocol !== TCP && protocol !== UDP) return null;
  const least = protocol === TCP ? TCP_HEADER : UDP_HEADER;
  if (transport + least > data.length) return null;
  const length = protocol === TCP ? (data[transport + 12]! >> 4) * 4 : UDP_HEADER;
  if (length < least || transport + length > data.length) return null;
  return { version, protocol, network: ETHERNET_HEADER, transport, payload: transport + length };
}

/** Writes the length of what follows the Ethernet header into the IP header, and the checksum of an IPv4 header. */
export function writeIpLength(data: Uint8Array, { version, network, transport }: TransportHeaders): void {
  if (version === 6) {
    setWord(data, network + 4, data.length - network - IPV6_HEADER);
    return;
  }
  setWord(data, network + 2, data.length - network);
  setIpv4Checksum(data, transport - network);
}

/** Computes the checksum of the IPv4 header, where the frame has one. */
export function writeIpv4Checksum(data: Uint8Array): void {
  const length = (data[ETHERNET_HEADER]! & 15) * 4;
  const isIpv4 = word(data, 12) === ETHERTYPE_IPV4 && length >= IPV4_HEADER && ETHERNET_HEADER + length <= data.length;
  if (isIpv4) setIpv4Checksum(data, length);
}

function setIpv4Checksum(data: Uint8Array, headerBytes: number): void {
  const at = ETHERNET_HEADER + 10;
  setWord(data, at, 0);
  setWord(data, at, checksumOf(sumWords(data, ETHERNET_HEADER, ETHERNET_HEADER + headerBytes)));
}

/** Computes the checksum of TCP or UDP over the pseudo header and the whole segment, and writes it. */
export function writeTransportChecksum(data: Uint8Array, headers: TransportHeaders): void {
  const { version, protocol, network, transport } = headers;
  const at = transport + (protocol === TCP ? 16 : 6);
  const [from, to] = version === 4 ? [network + 12, network + 20] : [network + 8, network + 40];
  const end = transportEnd(data, headers);
  setWord(data, at, 0);
  const pseudo = sumWords(data, from, to, protocol + end - transport);
  const checksum = checksumOf(sumWords(data, transport, end, pseudo));
  setWord(data, at, protocol === UDP && checksum === 0 ? 0xffff : checksum);
}

/** A short frame is padded: the segment ends where the IP header says, within the frame. */
function transportEnd(data: Uint8Array, { version, network, transport }: TransportHeaders): number {
  const end = version === 4 ? network + word(data, network + 2) : network + IPV6_HEADER + word(data, network + 4);
  return end < transport || end > data.length ? data.length : end;
}

function overIpv4(data: Uint8Array): { version: 4; protocol: number; transport: number } | null {
  const network = ETHERNET_HEADER;
  if (network + IPV4_HEADER > data.length || data[network]! >> 4 !== 4) return null;
  const length = (data[network]! & 15) * 4;
  const isFragment = (word(data, network + 6) & 0x3fff) !== 0;
  if (length < IPV4_HEADER || isFragment) return null;
  return { version: 4, protocol: data[network + 9]!, transport: network + length };
}

function overIpv6(data: Uint8Array): { version: 6; protocol: number; transport: number } | null {
  const network = ETHERNET_HEADER;
  if (network + IPV6_HEADER > data.length || data[network]! >> 4 !== 6) return null;
  let protocol = data[network + 6]!;
  let at = network + IPV6_HEADER;
  for (let count = 0; EXTENSIONS.includes(protocol); count++) {
    if (count === MAX_EXTENSIONS || at + 8 > data.length) return null;
    protocol = data[at]!;
    at += (data[at + 1]! + 1) * 8;
  }
  return { version: 6, protocol, transport: at };
}

export function word(data: Uint8Array, at: number): number {
  return (data[at]! << 8) | data[at + 1]!;
}

export function setWord(data: Uint8Array, at: number, value: number): void {
  data[at] = value >>> 8;
  data[at + 1] = value;
}
