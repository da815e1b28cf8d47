import assert from 'node:assert/strict';
import { type EthernetFrame, ethernetFrame } from '../../../src/runtime/parent/ethernet/ethernet-frame.js';
import { DhcpServer } from '../../../src/runtime/parent/network-services/dhcp-server.js';
import { encodeIpv4, encodeUdp } from '../../../src/runtime/parent/network-services/ipv4.js';
import { ParentStation } from '../../../src/runtime/parent/network-services/parent-station.js';
import type { Delivery } from '../../../src/runtime/parent/switch/frame.js';
import { BROADCAST, macBytes } from '../../../src/runtime/parent/switch/mac-address.js';
import type { Surface } from '../surface.js';

const PARENT = 0x0015_5d00_0000;
const CLIENT = 0x0015_5d00_0041;
const NEIGHBOUR = 0x0015_5d00_0042;
const SERVER_IP = 0xc0a8_8901;
const FIRST = 0xc0a8_890a;
const LEASES = 8;
const EVERYBODY = 0xffff_ffff;
const SHORTEST_FRAME = 14;
const LONGEST_ANSWER = 1514;
const [DISCOVER, REQUEST, DECLINE, RELEASE, INFORM] = [1, 3, 4, 7, 8];

/** Frames to the parent on a switch: ARP, ping, DHCP, DNS. The first byte says whether its checksums are to be trusted. */
export const parentStation: Surface = {
  samples: () => [
    [DISCOVER, REQUEST, DECLINE, DISCOVER, RELEASE, INFORM].map((type) => sent(dhcpRequest(type!, CLIENT))),
    [sent(udp(53, dns('web'), SERVER_IP)), sent(udp(53, dns('web.internal.'), SERVER_IP)), sent(arp()), sent(ping())],
  ],

  attack(input) {
    const ask = parent();
    for (const part of input) {
      const data = part.slice(1);
      if (data.length < SHORTEST_FRAME) continue; // no switch carries it
      // As the switch does: a port sends in its own name only.
      data.set(macBytes(CLIENT), 6);
      const offload = part[0] === 0 ? null : { checksum: true, segmentBytes: 0 };
      const answer = ask(ethernetFrame(data, offload));
      if (answer === undefined) continue;
      assert.equal(answer.source, PARENT);
      assert.ok(answer.bytes <= Math.max(LONGEST_ANSWER, data.length), 'an answer is not longer than a frame');
    }
    assert.ok(ask(ethernetFrame(dhcpRequest(DISCOVER!, NEIGHBOUR))), 'another client is still offered an address');
  },
};

function parent(): (frame: EthernetFrame) => EthernetFrame | undefined {
  const waiting: Delivery<EthernetFrame>[] = [];
  const answers: EthernetFrame[] = [];
  const dhcp = new DhcpServer({
    server: SERVER_IP,
    mask: 0xffff_ff00,
    first: FIRST,
    last: FIRST + LEASES - 1,
    leaseSeconds: 3600,
    domain: 'internal',
    nameOf: () => 'web',
  });
  const lookup = (name: string) => (name === 'web' ? [FIRST, FIRST + 1] : null);
  const port = {
    busy: false,
    take: () => waiting.shift() ?? null,
    send: (frame: EthernetFrame) => answers.push(frame),
  };
  const station = new ParentStation({ mac: PARENT, address: SERVER_IP, dhcp, lookup }, port);
  const ask = (frame: EthernetFrame) => {
    waiting.push({ frame, tag: null });
    station.wake();
    return answers.pop();
  };
  return ask;
}

function sent(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([1, ...data]);
}

function dhcpRequest(type: number, client: number): Uint8Array {
  const bytes = new Uint8Array(300);
  bytes.set([1, 1, 6, 0, 9, 8, 7, 6]);
  bytes.set(macBytes(client), 28);
  bytes.set([0x63, 0x82, 0x53, 0x63, 53, 1, type, 12, 3, 119, 101, 98, 255], 236);
  return udp(67, bytes, EVERYBODY, client);
}

function udp(destinationPort: number, payload: Uint8Array, to: number, client = CLIENT): Uint8Array {
  const datagram = encodeUdp({ sourcePort: 68, destinationPort, payload }, 0, to);
  const mac = to === EVERYBODY ? BROADCAST : PARENT;
  return encodeIpv4({ source: 0, destination: to, protocol: 17, payload: datagram }, client, mac).data;
}

function dns(name: string): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Uint8Array.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1]);
}

function arp(): Uint8Array {
  const target = [0xc0, 0xa8, 0x89, 0x01];
  const fixed = [8, 6, 0, 1, 8, 0, 6, 4, 0, 1];
  return Uint8Array.from([
    ...macBytes(BROADCAST),
    ...macBytes(CLIENT),
    ...fixed,
    ...macBytes(CLIENT),
    0,
    0,
    0,
    0,
    ...new Array(6).fill(0),
    ...target,
  ]);
}

function ping(): Uint8Array {
  const payload = Uint8Array.of(8, 0, 0xf7, 0xff, 0, 0, 0, 0);
  return encodeIpv4({ source: FIRST, destination: SERVER_IP, protocol: 1, payload }, CLIENT, PARENT).data;
}
