import type { EthernetFrame } from '../ethernet/ethernet-frame.js';
import { checksumOf, sumWords } from '../ethernet/internet-checksum.js';
import { setWord, word } from '../ethernet/ip-headers.js';
import { BROADCAST, type MacAddress } from '../switch/mac-address.js';
import { answerArp } from './arp.js';
import { decodeIpv4, ETHERTYPE_ARP, ETHERTYPE_IPV4, encodeIpv4, ICMP, type Ipv4Address } from './ipv4.js';

const ECHO_REQUEST = 8;
const ICMP_HEADER = 8;

/** What every host with that address answers: ARP and ping. Null where the frame asks neither of it. */
export function answerAsHost(frame: EthernetFrame, mac: MacAddress, address: Ipv4Address): EthernetFrame | null {
  if (frame.destination !== mac && frame.destination !== BROADCAST) return null;
  const type = word(frame.data, 12);
  if (type === ETHERTYPE_ARP) return answerArp(frame, mac, address);
  return type === ETHERTYPE_IPV4 ? answerEcho(frame, mac, address) : null;
}

/** ICMP echo (RFC 792). */
function answerEcho(frame: EthernetFrame, mac: MacAddress, address: Ipv4Address): EthernetFrame | null {
  const packet = decodeIpv4(frame);
  if (packet === null || packet.destination !== address || packet.protocol !== ICMP) return null;
  const { source, payload } = packet;
  if (payload.length < ICMP_HEADER || payload[0] !== ECHO_REQUEST) return null;
  if (checksumOf(sumWords(payload, 0, payload.length)) !== 0) return null;
  const reply = payload.slice();
  reply[0] = 0;
  setWord(reply, 2, 0);
  setWord(reply, 2, checksumOf(sumWords(reply, 0, reply.length)));
  return encodeIpv4({ source: address, destination: source, protocol: ICMP, payload: reply }, mac, frame.source);
}
