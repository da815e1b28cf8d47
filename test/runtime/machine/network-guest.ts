import assert from 'node:assert/strict';
import { StateReader } from '../../../src/runtime/child/snapshot/plain-state.js';
import type { EthernetFrame } from '../../../src/runtime/parent/ethernet/ethernet-frame.js';
import { LearningSwitch } from '../../../src/runtime/parent/switch/learning-switch.js';
import { type MacAddress, macBytes } from '../../../src/runtime/parent/switch/mac-address.js';
import type { SwitchPort } from '../../../src/runtime/parent/switch/switch-port.js';
import { NetworkVsp } from '../../../src/runtime/parent/vsp/network/network-vsp.js';
import { FakeChannel, FakeGuest, words } from './fake-guest.js';

export const OWN: MacAddress = 0x0015_5d00_0001;
export const OTHER: MacAddress = 0x0015_5d00_0002;
const NVSP_6_1 = 0x0006_0001;
const ANY_VLAN = { kind: 'access', vlan: null } as const;

/** Bytes of a frame without meaning beyond its addresses. */
export function frameBytes(destination: MacAddress, source: MacAddress, payload: readonly number[] = []): Uint8Array {
  return Uint8Array.from([...macBytes(destination), ...macBytes(source), 0x88, 0xb5, ...payload]);
}

/** A driver for hv_netvsc played by a test, with somebody else on the same switch. */
export class NetworkGuest {
  readonly guest = new FakeGuest();
  readonly vsp = new NetworkVsp('7f3c1a00-0001-4000-8000-00155d000001', OWN);
  readonly network = new LearningSwitch<EthernetFrame>('private');
  readonly port: SwitchPort<EthernetFrame>;
  readonly other: SwitchPort<EthernetFrame>;
  readonly channel: FakeChannel;
  /** What the guest shares for the adapter: handles and frame numbers. */
  buffers = { receive: { gpadl: 0, pages: [] as number[] }, send: { gpadl: 0, pages: [] as number[] } };
  private transaction = 100n;

  /** `saved`: goes on as that one on another host, with the same memory. */
  constructor(saved?: NetworkGuest) {
    this.port = this.network.plug({ role: 'child', mac: OWN, vlan: ANY_VLAN, wake: () => this.vsp.wake() });
    this.other = this.network.plug({ role: 'child', mac: OTHER, vlan: ANY_VLAN, wake: () => {} });
    this.vsp.plug(this.port);
    this.guest.server.offer(this.vsp);
    if (saved === undefined) {
      this.guest.connect();
      this.channel = this.guest.open(1, 8);
    } else {
      this.restore(saved);
      const { relid, gpadl, outPages, inPages } = saved.channel;
      this.channel = new FakeChannel(this.guest, relid, gpadl, outPages, inPages);
      this.buffers = saved.buffers;
      this.transaction = saved.transaction;
    }
  }

  /** The same adapter in another machine. */
  another(): NetworkVsp {
    const vsp = new NetworkVsp(this.vsp.instanceId, OWN);
    const network = new LearningSwitch<EthernetFrame>('private');
    vsp.plug(network.plug({ role: 'child', mac: OWN, vlan: ANY_VLAN, wake: () => vsp.wake() }));
    return vsp;
  }

  private restore({ guest }: NetworkGuest): void {
    const state = JSON.parse(JSON.stringify({ tlfs: guest.hypervisor.save(), vmbus: guest.server.save() }));
    const { memory } = guest.cpu;
    this.guest.cpu.memory.write(0, memory.read(0, memory.bytes));
    const reader = new StateReader(state);
    this.guest.hypervisor.restore(reader.at('tlfs'));
    this.guest.server.restore(reader.at('vmbus'));
  }

  /** Sends a message and returns the words of its completion. */
  ask(...message: number[]): Uint32Array {
    this.channel.send(words(...message, ...new Array(10 - message.length).fill(0)), ++this.transaction);
    return this.completion();
  }

  completion(): Uint32Array {
    for (let packet = this.channel.receive(); packet !== null; packet = this.channel.receive()) {
      if (packet.type === 11 && packet.transactionId === this.transaction) return asWords(packet.payload);
    }
    throw new Error('no completion');
  }

  /** Agrees on a version and shares buffers of so many pages. */
  negotiate(version = NVSP_6_1, receivePages = 512, sendPages = 12): void {
    assert.equal(this.ask(1, version, version)[3], 1, 'the version is taken');
    this.ask(100, 6, 30);
    const receive = this.guest.share(1, receivePages);
    const send = this.guest.share(1, sendPages);
    this.guest.messages();
    this.buffers = { receive, send };
    const shared = this.ask(101, receive.gpadl, 0xcafe);
    assert.deepEqual([shared[0], shared[1], shared[2]], [102, 1, 1]);
    assert.ok(shared[4]! * shared[5]! <= receivePages * 4096, 'the sections lie within the buffer');
    assert.deepEqual([...this.ask(104, send.gpadl, 0)].slice(0, 3), [105, 1, 6144]);
  }

  /** Tears a GPADL down; whether the host says that it is. */
  takeBack(gpadl: number): boolean {
    this.guest.post(words(11, 0, 1, gpadl));
    return this.guest.messages().some((message) => message.getUint32(0, true) === 12);
  }

  /** Puts a message into section 0 of the send buffer and sends it. */
  sendRndis(control: boolean, message: Uint8Array): void {
    this.putIntoSendBuffer(message);
    this.channel.send(words(107, control ? 1 : 0, 0, message.length, ...new Array(6).fill(0)), ++this.transaction);
  }

  putIntoSendBuffer(message: Uint8Array): void {
    for (let at = 0; at < message.length; at += 4096) {
      this.guest.cpu.memory.write(this.buffers.send.pages[at / 4096]! * 4096, message.subarray(at, at + 4096));
    }
  }

  /** Sends a message that lies in two pages, as a packet of page ranges. */
  sendDirect(message: Uint8Array): void {
    const gpa = this.guest.page();
    this.guest.page();
    this.guest.cpu.memory.write(gpa, message);
    const body = words(107, 0, 0xffffffff, 0, ...new Array(6).fill(0));
    this.channel.sendDirect(body, gpa, message.length, ++this.transaction);
  }

  /** Takes one packet of the host's; its messages, completed at once. */
  received(complete = true): Uint8Array[] {
    for (let packet = this.channel.receive(); packet !== null; packet = this.channel.receive()) {
      if (packet.type !== 7) continue;
      const ranges = asWords(packet.ranges);
      assert.equal(ranges[0], 0xcafe);
      const messages = Array.from({ length: ranges[1]! }, (_, index) =>
        this.inReceiveBuffer(ranges[3 + index * 2]!, ranges[2 + index * 2]!),
      );
      if (complete) this.complete(packet.transactionId);
      return messages;
    }
    return [];
  }

  /** The host's messages until none comes any more. */
  everything(): Uint8Array[] {
    const all: Uint8Array[] = [];
    for (let some = this.received(); some.length > 0; some = this.received()) all.push(...some);
    return all;
  }

  complete(transaction: bigint): void {
    this.channel.send(words(108, 1, ...new Array(8).fill(0)), transaction, 11);
  }

  /** A control message and its answer. */
  request(message: Uint8Array): Uint32Array {
    this.sendRndis(true, message);
    const [answer] = this.received();
    assert.ok(answer, 'it is answered');
    return asWords(answer);
  }

  /** Initializes RNDIS and opens the packet filter; with all offloads where asked. */
  bringUp({ offloads = false, version = NVSP_6_1, receivePages = 512 } = {}): void {
    this.negotiate(version, receivePages);
    assert.equal(this.request(words(2, 24, 1, 1, 0, 0x4000))[3], 0);
    if (offloads) this.setOid(0xfc01020c, offloadParameters(4, 2));
    this.setOid(0x0001010e, words(0x0b));
  }

  setOid(oid: number, value: Uint8Array): number {
    return this.request(concat(words(5, 28 + value.length, 7, oid, value.length, 20, 0), value))[3]!;
  }

  queryOid(oid: number): { status: number; data: Uint8Array } {
    const answer = this.request(words(4, 28, 9, oid, 0, 0, 0));
    const bytes = new Uint8Array(answer.buffer);
    return { status: answer[3]!, data: bytes.slice(8 + answer[5]!, 8 + answer[5]! + answer[4]!) };
  }

  private inReceiveBuffer(offset: number, bytes: number): Uint8Array {
    const out = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at++) {
      const position = offset + at;
      const gpa = this.buffers.receive.pages[Math.floor(position / 4096)]! * 4096 + (position % 4096);
      out[at] = this.guest.cpu.memory.read(gpa, 1)[0]!;
    }
    return out;
  }
}

/** NDIS_OFFLOAD_PARAMETERS: every checksum and both large sends set alike. */
export function offloadParameters(checksum: number, largeSend: number): Uint8Array {
  const bytes = new Uint8Array(20);
  bytes.set([0x80, 1, 20, 0, checksum, checksum, checksum, checksum, checksum, 0, 0, largeSend, largeSend]);
  return bytes;
}

/** A data message with per-packet information as [type, value]. */
export function rndisData(frame: Uint8Array, infos: readonly (readonly [number, number])[] = []): Uint8Array {
  const information = concat(...infos.map(([type, value]) => words(16, type, 12, value)));
  const dataOffset = 36 + information.length;
  const length = 8 + dataOffset + frame.length;
  const padded = Math.ceil(length / 8) * 8;
  const infoOffset = infos.length === 0 ? 0 : 36;
  const header = words(1, padded, dataOffset, frame.length, 0, 0, 0, infoOffset, information.length, 0, 0);
  return concat(header, information, frame, new Uint8Array(padded - length));
}

/** The frame within a data message, and its per-packet information by type. */
export function dataOf(message: Uint8Array): { frame: Uint8Array; infos: Map<number, number> } {
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const field = (index: number) => view.getUint32(8 + index * 4, true);
  const infos = new Map<number, number>();
  for (let at = 8 + field(5); at < 8 + field(5) + field(6); at += view.getUint32(at, true)) {
    infos.set(view.getUint32(at + 4, true), view.getUint32(at + view.getUint32(at + 8, true), true));
  }
  return { frame: message.slice(8 + field(0), 8 + field(0) + field(1)), infos };
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function asWords(bytes: Uint8Array): Uint32Array {
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  return new Uint32Array(padded.buffer);
}
