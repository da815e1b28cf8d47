import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type EthernetFrame, ethernetFrame } from '../../../src/runtime/parent/ethernet/ethernet-frame.js';
import { setWord } from '../../../src/runtime/parent/ethernet/ip-headers.js';
import { DhcpServer } from '../../../src/runtime/parent/network-services/dhcp-server.js';
import {
  decodeIpv4,
  decodeUdp,
  encodeIpv4,
  encodeUdp,
  setIpv4,
} from '../../../src/runtime/parent/network-services/ipv4.js';
import { ParentStation } from '../../../src/runtime/parent/network-services/parent-station.js';
import type { Delivery } from '../../../src/runtime/parent/switch/frame.js';
import { BROADCAST, macBytes } from '../../../src/runtime/parent/switch/mac-address.js';

const PARENT = 0x0015_5d00_0000;
const CLIENT = 0x0015_5d00_0041;
const SERVER_IP = 0xc0a8_8901;
const FIRST = 0xc0a8_890a;
const EVERYBODY = 0xffff_ffff;
const [DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE] = [1, 2, 3, 4, 5, 6, 7];

function setUp(leases = 3, reserved = new Map<number, number>()) {
  const waiting: Delivery<EthernetFrame>[] = [];
  const sent: EthernetFrame[] = [];
  const dhcp = new DhcpServer({
    server: SERVER_IP,
    mask: 0xffff_ff00,
    first: FIRST,
    last: FIRST + leases - 1,
    reserved,
    leaseSeconds: 3600,
    domain: 'internal',
    nameOf: () => 'web',
  });
  const lookup = (name: string) => (name === 'web' ? [FIRST, FIRST + 1] : null);
  const port = { busy: false, take: () => waiting.shift() ?? null, send: (frame: EthernetFrame) => sent.push(frame) };
  const station = new ParentStation({ mac: PARENT, address: SERVER_IP, dhcp, lookup }, port);
  /** What it answers to a frame; undefined where it says nothing. */
  const ask = (frame: EthernetFrame): EthernetFrame | undefined => {
    waiting.push({ frame, tag: null });
    station.wake();
    return sent.pop();
  };
  const udp = (port: number, payload: Uint8Array, { to = SERVER_IP, from = 0, mac = CLIENT } = {}) => {
    const datagram = encodeUdp({ sourcePort: 68, destinationPort: port, payload }, from, to);
    const answer = ask(
      encodeIpv4(
        { source: from, destination: to, protocol: 17, payload: datagram },
        mac,
        to === EVERYBODY ? BROADCAST : PARENT,
      ),
    );
    if (answer === undefined) return undefined;
    const packet = decodeIpv4(answer)!;
    return { packet, frame: answer, payload: decodeUdp(packet, false)!.payload };
  };
  const dhcpAsk = (type: number, options: number[][] = [], client = CLIENT, mac = client) => {
    const answer = udp(67, dhcpRequest(type, options, client), { to: EVERYBODY, mac });
    return answer && { ...answer, ...dhcpReply(answer.payload) };
  };
  return { ask, udp, dhcpAsk, dhcp };
}

function dhcpRequest(type: number, options: number[][], client: number): Uint8Array {
  const bytes = new Uint8Array(300);
  bytes.set([1, 1, 6, 0, 9, 8, 7, 6]);
  bytes.set(macBytes(client), 28);
  bytes.set([0x63, 0x82, 0x53, 0x63, 53, 1, type, ...options.flat(), 255], 236);
  return bytes;
}

function dhcpReply(bytes: Uint8Array) {
  const options = new Map<number, number[]>();
  for (let at = 240; bytes[at] !== 255; at += 2 + bytes[at + 1]!) {
    options.set(bytes[at]!, [...bytes.slice(at + 2, at + 2 + bytes[at + 1]!)]);
  }
  assert.deepEqual([...bytes.slice(4, 8)], [9, 8, 7, 6], 'the transaction of the request');
  return { type: options.get(53)![0], address: new DataView(bytes.slice(16, 20).buffer).getUint32(0), options };
}

const address = (option: number, value: number) => {
  const four = new Uint8Array(4);
  setIpv4(four, 0, value);
  return [option, 4, ...four];
};

function dnsQuery(name: string, type = 1): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Uint8Array.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, type, 0, 1]);
}

describe('the parent on an internal switch', () => {
  it('answers who asks for its address, and nobody else', () => {
    const { ask } = setUp();
    const request = (target: number) => {
      const data = new Uint8Array(42);
      data.set(macBytes(BROADCAST));
      data.set(macBytes(CLIENT), 6);
      data.set([8, 6, 0, 1, 8, 0, 6, 4, 0, 1, ...macBytes(CLIENT)], 12);
      setIpv4(data, 28, FIRST);
      setIpv4(data, 38, target);
      return ethernetFrame(data);
    };
    const reply = ask(request(SERVER_IP));
    assert.deepEqual([reply?.source, reply?.destination], [PARENT, CLIENT]);
    assert.deepEqual([...reply!.data.slice(20, 28)], [0, 2, ...macBytes(PARENT)]);
    assert.equal(ask(request(SERVER_IP + 1)), undefined);
  });

  it('answers a ping', () => {
    const { ask } = setUp();
    const payload = Uint8Array.from([8, 0, 0, 0, 1, 2, 3, 4]);
    setWord(payload, 2, ~(0x0800 + 0x0102 + 0x0304) & 0xffff);
    const ping = { source: FIRST, destination: SERVER_IP, protocol: 1, payload };
    const reply = decodeIpv4(ask(encodeIpv4(ping, CLIENT, PARENT))!)!;
    assert.deepEqual([reply.source, reply.destination, reply.payload[0]], [SERVER_IP, FIRST, 0]);
    assert.deepEqual(reply.payload.slice(4), payload.slice(4));
    payload[5] = 9;
    assert.equal(ask(encodeIpv4(ping, CLIENT, PARENT)), undefined, 'a wrong checksum');
  });

  it('leases the same address to the same client', () => {
    const { dhcpAsk, dhcp } = setUp();
    const offer = dhcpAsk(DISCOVER!);
    assert.deepEqual([offer?.type, offer?.address], [OFFER, FIRST]);
    assert.equal(dhcp.addressOf(CLIENT), null, 'only offered');
    const ack = dhcpAsk(REQUEST!, [address(50, FIRST), address(54, SERVER_IP)]);
    assert.deepEqual([ack?.type, ack?.address], [ACK, FIRST]);
    assert.deepEqual(ack?.options.get(1), [255, 255, 255, 0]);
    assert.deepEqual(ack?.options.get(6), [192, 168, 137, 1]);
    assert.deepEqual(ack?.options.get(51), [0, 0, 14, 16]);
    assert.equal(Buffer.from(ack?.options.get(12) ?? []).toString(), 'web');
    assert.equal(ack?.options.has(3), false, 'no way out of an internal switch');
    assert.equal(dhcpAsk(DISCOVER!, [], CLIENT + 1)?.address, FIRST + 1);
    dhcpAsk(RELEASE!);
    assert.equal(dhcp.addressOf(CLIENT), null);
    assert.equal(dhcpAsk(DISCOVER!)?.address, FIRST);
  });

  it('refuses another address, leases no declined one, and has an end of them', () => {
    const { dhcpAsk } = setUp(2);
    assert.equal(dhcpAsk(REQUEST!, [address(50, FIRST + 1)])?.type, NAK);
    dhcpAsk(DECLINE!);
    assert.equal(dhcpAsk(DISCOVER!)?.address, FIRST + 1);
    assert.equal(dhcpAsk(DISCOVER!, [], CLIENT + 1), undefined, 'nothing is left');
  });

  it('leaves addresses to others when one client declines all it is offered', () => {
    const { dhcpAsk } = setUp(8);
    for (let time = 0; time < 20; time++) {
      assert.equal(dhcpAsk(DISCOVER!)?.type, OFFER);
      dhcpAsk(DECLINE!);
    }
    assert.equal(dhcpAsk(DISCOVER!, [], CLIENT + 1)?.type, OFFER);
  });

  it('lets nobody ask for another, and hears no talk with another server', () => {
    const { dhcpAsk } = setUp();
    assert.equal(dhcpAsk(DISCOVER!, [], CLIENT, CLIENT + 5), undefined);
    assert.equal(dhcpAsk(REQUEST!, [address(54, SERVER_IP + 9), address(50, FIRST)]), undefined);
  });

  it('knows names', () => {
    const { udp } = setUp();
    const answer = (query: Uint8Array) => udp(53, query, { from: FIRST })?.payload;
    const found = answer(dnsQuery('WEB'))!;
    assert.deepEqual([...found.slice(0, 8)], [0x12, 0x34, 0x85, 0, 0, 1, 0, 2]);
    assert.deepEqual([...found.slice(-4)], [192, 168, 137, 11]);
    assert.deepEqual(
      [...answer(dnsQuery('web', 28))!.slice(2, 8)],
      [0x85, 0, 0, 1, 0, 0],
      'no IPv6 address, but there',
    );
    assert.equal(answer(dnsQuery('nobody'))![3]! & 15, 3);
    const pointer = Uint8Array.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1]);
    assert.equal(answer(pointer)![3]! & 15, 1, 'a name that points at itself');
    assert.equal(answer(Uint8Array.from([0, 1, 0x81, 0, 0, 1, 0, 0, 0, 0, 0, 0])), undefined, 'an answer is no query');
  });

  it('lives through any bytes, and says nothing under another name', () => {
    const { ask } = setUp();
    const head = fc.constantFrom([8, 6], [8, 0, 0x45], [8, 0, 0x45, 0, 0, 60, 0, 0, 0, 0, 64, 17], [0x86, 0xdd]);
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 400 }), fc.constantFrom(53, 67), (type, rest, port) => {
        const data = Uint8Array.from([...macBytes(PARENT), ...macBytes(CLIENT), ...type, ...rest]);
        const raw = ask(ethernetFrame(data));
        const datagram = encodeUdp({ sourcePort: 68, destinationPort: port, payload: rest }, FIRST, SERVER_IP);
        const wrapped = { source: FIRST, destination: SERVER_IP, protocol: 17, payload: datagram };
        for (const answer of [raw, ask(encodeIpv4(wrapped, CLIENT, PARENT))]) {
          if (answer !== undefined) assert.equal(answer.source, PARENT);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps reserved addresses for whom they are, and gives another where somebody else uses it', () => {
    const OTHER = CLIENT + 1;
    const { dhcpAsk } = setUp(
      3,
      new Map([
        [OTHER, FIRST],
        [CLIENT + 2, FIRST + 2],
      ]),
    );
    assert.equal(dhcpAsk(DISCOVER)?.address, FIRST + 1, 'the first that is reserved for nobody');
    assert.equal(dhcpAsk(DISCOVER, [], CLIENT + 9), undefined, 'none is left');
    assert.equal(dhcpAsk(DISCOVER, [], OTHER)?.address, FIRST);
    dhcpAsk(DECLINE, [], OTHER);
    assert.equal(dhcpAsk(DISCOVER, [], OTHER), undefined, 'nor for who found its own in use');
    assert.equal(dhcpAsk(DISCOVER, [], CLIENT + 2)?.address, FIRST + 2);
  });
});
