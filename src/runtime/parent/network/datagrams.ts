import { ETHERNET_HEADER, type EthernetFrame } from '../ethernet/ethernet-frame.js';
import { encodeIpv4, encodeUdp, IPV4_HEADER, type Ipv4Address, UDP, UDP_HEADER } from '../network-services/ipv4.js';
import type { MacAddress } from '../switch/mac-address.js';

/** The discard service (RFC 863): who gets work of a modelled child need not understand it. */
const DISCARD_PORT = 9;
/** Of the dynamic ports (RFC 6335). */
const SOURCE_PORT = 49_152;
const HEADERS = ETHERNET_HEADER + IPV4_HEADER + UDP_HEADER;
/** What an Ethernet frame carries, and so what one datagram of a large send takes. */
const LARGEST_FRAME = ETHERNET_HEADER + 1500;

/** An adapter at one end of a conversation. */
export interface Endpoint {
  mac: MacAddress;
  address: Ipv4Address;
}

/**
 * What a modelled frame of that length looks like where bytes are asked for: one UDP datagram to the discard port; a large
 * send is cut into several, each with headers of its own, as a network adapter does it. The payload is zeros.
 */
export function datagrams(bytes: number, from: Endpoint, to: Endpoint): EthernetFrame[] {
  const frames: EthernetFrame[] = [];
  let left = Math.max(0, bytes - HEADERS);
  do {
    const payload = new Uint8Array(Math.min(left, LARGEST_FRAME - HEADERS));
    left -= payload.length;
    const message = { sourcePort: SOURCE_PORT, destinationPort: DISCARD_PORT, payload };
    const { address: source } = from;
    const { address: destination } = to;
    const datagram = encodeUdp(message, source, destination);
    frames.push(encodeIpv4({ source, destination, protocol: UDP, payload: datagram }, from.mac, to.mac));
  } while (left > 0);
  return frames;
}
