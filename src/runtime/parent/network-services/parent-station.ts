import type { EthernetFrame, NetworkPort } from '../ethernet/ethernet-frame.js';
import { word } from '../ethernet/ip-headers.js';
import { BROADCAST, type MacAddress } from '../switch/mac-address.js';
import { CLIENT_PORT, decodeDhcp, encodeDhcp, SERVER_PORT } from './dhcp-message.js';
import type { DhcpServer } from './dhcp-server.js';
import { answerDns, DNS_PORT, type Lookup } from './dns.js';
import { answerAsHost } from './ip-host.js';
import {
  decodeIpv4,
  decodeUdp,
  ETHERTYPE_IPV4,
  encodeIpv4,
  encodeUdp,
  type Ipv4Address,
  type Ipv4Packet,
  UDP,
} from './ipv4.js';

const EVERYBODY: Ipv4Address = 0xffff_ffff;

export interface StationOptions {
  mac: MacAddress;
  address: Ipv4Address;
  dhcp: DhcpServer;
  lookup: Lookup;
}

/**
 * The parent on a switch: it answers ARP and ping, leases addresses and knows names. It speaks only when it is spoken to, and
 * only to who spoke, so that it needs no tables of its own and no time.
 */
export class ParentStation {
  constructor(
    private readonly options: StationOptions,
    private readonly port: NetworkPort,
  ) {}

  /** Answers everything that waits at its port. */
  wake(): void {
    for (let next = this.port.take(); next !== null; next = this.port.take()) {
      const answer = this.answer(next.frame);
      if (answer !== null) this.port.send(answer, next.tag);
    }
  }

  private answer(frame: EthernetFrame): EthernetFrame | null {
    const { mac, address } = this.options;
    if (frame.destination !== mac && frame.destination !== BROADCAST) return null;
    const answer = answerAsHost(frame, mac, address);
    if (answer !== null) return answer;
    const packet = word(frame.data, 12) === ETHERTYPE_IPV4 ? decodeIpv4(frame) : null;
    if (packet === null || (packet.destination !== address && packet.destination !== EVERYBODY)) return null;
    return packet.protocol === UDP ? this.datagram(frame, packet) : null;
  }

  private datagram(frame: EthernetFrame, packet: Ipv4Packet): EthernetFrame | null {
    const received = decodeUdp(packet, frame.offload !== null);
    if (received === null) return null;
    if (received.destinationPort === SERVER_PORT) return this.dhcp(frame, received.payload);
    if (received.destinationPort !== DNS_PORT || packet.destination !== this.options.address) return null;
    const answer = answerDns(received.payload, this.options.lookup);
    return answer && this.udp(answer, DNS_PORT, received.sourcePort, packet.source, frame.source);
  }

  /** A client may ask for itself only. */
  private dhcp(frame: EthernetFrame, payload: Uint8Array): EthernetFrame | null {
    const request = decodeDhcp(payload);
    if (request === null || request.mac !== frame.source) return null;
    const reply = this.options.dhcp.answer(request);
    if (reply === null) return null;
    const hasAddress = request.clientAddress !== 0 && reply.settings !== undefined;
    const everybody = request.wantsBroadcast || reply.address === 0;
    const destination = hasAddress ? request.clientAddress : everybody ? EVERYBODY : reply.address;
    const mac = destination === EVERYBODY ? BROADCAST : frame.source;
    return this.udp(encodeDhcp(request, reply), SERVER_PORT, CLIENT_PORT, destination, mac);
  }

  private udp(
    payload: Uint8Array,
    sourcePort: number,
    destinationPort: number,
    destination: Ipv4Address,
    to: MacAddress,
  ): EthernetFrame {
    const { mac, address: source } = this.options;
    const datagram = encodeUdp({ sourcePort, destinationPort, payload }, source, destination);
    return encodeIpv4({ source, destination, protocol: UDP, payload: datagram }, mac, to);
  }
}
