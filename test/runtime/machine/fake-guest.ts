import assert from 'node:assert/strict';
import { Msr } from '../../../src/runtime/hypervisor/tlfs/msr.js';
import { HvStatus } from '../../../src/runtime/hypervisor/tlfs/status.js';
import { TlfsHypervisor } from '../../../src/runtime/hypervisor/tlfs/tlfs-hypervisor.js';
import type { Packet } from '../../../src/runtime/vmbus/host/host-channel.js';
import { synicHost } from '../../../src/runtime/vmbus/host/synic-host.js';
import type { VmbusEvent } from '../../../src/runtime/vmbus/host/vmbus-host.js';
import { VmbusServer } from '../../../src/runtime/vmbus/host/vmbus-server.js';
import { RingBuffer, type WriteOutcome } from '../../../src/runtime/vmbus/ring-buffer.js';
import { RingPacket } from '../../../src/runtime/vmbus/ring-packet.js';
import { sharedBytes } from '../../../src/runtime/vmbus/shared-bytes.js';
import { FakeClock, FakeCpu } from './fake-cpu.js';

const SIMP = 0x3000;
const SIEFP = 0x4000;
const INPUT = 0x5000;
const SLOT2 = SIMP + 2 * 256;
const FIRST_FREE_PAGE = 16;
const VERSION_5_3 = 0x00050003;

/** Little-endian 32-bit words as bytes. */
export function words(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

/** A guest played by a test, as far as its driver for VMBus: it posts messages, shares pages and opens channels. */
export class FakeGuest {
  readonly cpu = new FakeCpu(4 << 20);
  readonly clock = new FakeClock();
  readonly events: VmbusEvent[] = [];
  readonly hypervisor: TlfsHypervisor;
  readonly server: VmbusServer;
  private nextPage = FIRST_FREE_PAGE;
  private nextGpadl = 0xe1e10;

  constructor() {
    const ports = {
      postMessage: (connection: number, type: number, payload: Uint8Array) =>
        this.server.postMessage(connection, type, payload),
      signalEvent: (connection: number, flag: number) => this.server.signalEvent(connection, flag),
    };
    this.hypervisor = new TlfsHypervisor(this.cpu, {
      clock: this.clock,
      tscHz: 1e9,
      apicHz: 1e9,
      idleSlackNs: 0,
      ports,
      crashed: () => {},
    });
    const { synic } = this.hypervisor;
    this.server = new VmbusServer(synicHost(this.cpu.memory, [synic], (event) => this.events.push(event)));
    this.hypervisor.writeMsr(Msr.GuestOsId, 0x8100_0006_0100_0000n);
    this.hypervisor.writeMsr(Msr.Hypercall, 0x2001n);
    this.hypervisor.writeMsr(Msr.Simp, BigInt(SIMP | 1));
    this.hypervisor.writeMsr(Msr.Siefp, BigInt(SIEFP | 1));
    this.hypervisor.writeMsr(Msr.Sint0 + 2, 0xf3n);
    this.hypervisor.writeMsr(Msr.Scontrol, 1n);
  }

  /** Posts one message to the host; the status of the hypercall. */
  post(message: Uint8Array, connectionId = 4): number {
    this.cpu.memory.write(INPUT, words(connectionId, 0, 1, message.length));
    this.cpu.memory.write(INPUT + 16, message);
    return Number(this.hypervisor.hypercall({ control: 0x5cn, input: BigInt(INPUT), output: 0n }));
  }

  /** Takes every message that the host sent. */
  messages(): DataView[] {
    const taken: DataView[] = [];
    while (this.cpu.memory.readU32(SLOT2) !== 0) {
      const size = this.cpu.memory.read(SLOT2 + 4, 1)[0]!;
      taken.push(new DataView(this.cpu.memory.read(SLOT2 + 16, size).slice().buffer));
      this.cpu.memory.writeU32(SLOT2, 0);
      this.hypervisor.writeMsr(Msr.Eom, 0n);
    }
    return taken;
  }

  /** Agrees on a version and returns the offers. `monitorPage`: by which it can signal without a hypercall. */
  connect(version = VERSION_5_3, monitorPage = 0): DataView[] {
    assert.equal(this.post(words(14, 0, version, 0, 2, 0, 0, 0, monitorPage, 0)), HvStatus.Success);
    assert.equal(this.messages()[0]?.getUint8(8), 1, 'the version is supported');
    this.post(words(3, 0));
    const answers = this.messages();
    assert.equal(answers.at(-1)?.getUint32(0, true), 4, 'all offers are delivered');
    return answers.slice(0, -1);
  }

  /** Shares fresh pages; the handle and their frame numbers, scattered backwards to show that order does not matter. */
  share(relid: number, count: number): { gpadl: number; pages: number[] } {
    const pages = Array.from({ length: count }, (_, at) => this.nextPage + count - 1 - at);
    this.nextPage += count;
    const gpadl = this.nextGpadl++;
    const first = pages.slice(0, 26);
    const frames = (list: number[]) => list.flatMap((page) => [page, 0]);
    const lengths = (8 + count * 8) | (1 << 16);
    this.post(words(8, 0, relid, gpadl, lengths, count * 4096, 0, ...frames(first)));
    for (let at = 26; at < count; at += 28) {
      this.post(words(9, 0, 1, gpadl, ...frames(pages.slice(at, at + 28))));
    }
    return { gpadl, pages };
  }

  /** Opens an offered channel with two rings of `ringPages` each (one of them for the indices). */
  open(relid: number, ringPages = 3): FakeChannel {
    const { gpadl, pages } = this.share(relid, ringPages * 2);
    this.post(words(5, 0, relid, 1, gpadl, 0, ringPages, ...new Array(30).fill(0)));
    const [created, result] = this.messages();
    assert.equal(created?.getUint32(16, true), 0, 'the GPADL is created');
    assert.equal(result?.getUint32(16, true), 0, 'the channel is open');
    return new FakeChannel(this, relid, gpadl, pages.slice(0, ringPages), pages.slice(ringPages));
  }

  /** A page of guest memory that nothing uses, as its address. */
  page(): number {
    return this.nextPage++ * 4096;
  }
}

/** What a guest sees of a packet. */
type Received = Pick<Packet, 'type' | 'completionRequested' | 'transactionId' | 'ranges' | 'payload'>;

/** The guest's end of a channel. */
export class FakeChannel {
  private readonly out: RingBuffer;
  private readonly inward: RingBuffer;

  constructor(
    readonly guest: FakeGuest,
    readonly relid: number,
    readonly gpadl: number,
    readonly outPages: number[],
    readonly inPages: number[],
  ) {
    this.out = new RingBuffer(sharedBytes(guest.cpu.memory, outPages));
    this.inward = new RingBuffer(sharedBytes(guest.cpu.memory, inPages));
  }

  /** Sends a packet in band and signals the host. */
  send(payload: Uint8Array, transactionId = 1n, type = 6): void {
    this.sendRaw(type, new Uint8Array(), payload, transactionId);
  }

  /** Writes a GPA-direct packet with one range and signals. */
  sendDirect(payload: Uint8Array, gpa: number, length: number, transactionId = 1n): void {
    const pages = Math.ceil(((gpa % 4096) + length) / 4096);
    const frames = Array.from({ length: pages }, (_, at) => [Math.floor(gpa / 4096) + at, 0]).flat();
    this.sendRaw(9, words(0, 1, length, gpa % 4096, ...frames), payload, transactionId);
  }

  /** Writes a packet whose payload starts behind `ranges`, and signals. */
  sendRaw(type: number, ranges: Uint8Array, payload: Uint8Array, transactionId: bigint): void {
    assert.match(this.offer(type, ranges, payload, transactionId), /written|signal/);
  }

  /** The same for a guest whose ring may be full or in disorder. */
  offer(type: number, ranges: Uint8Array, payload: Uint8Array, transactionId = 1n): WriteOutcome {
    const packet = new RingPacket(ranges.length + payload.length);
    packet.type = type;
    packet.flags = 1;
    packet.transactionLow = Number(transactionId & 0xffffffffn);
    packet.transactionHigh = Number(transactionId >> 32n);
    packet.body.set(ranges);
    packet.body.set(payload, ranges.length);
    packet.bodyBytes = packet.body.length;
    packet.payloadAt = ranges.length;
    const outcome = this.out.write(packet);
    this.signal();
    return outcome;
  }

  receive(): Received | null {
    const packet = new RingPacket();
    if (this.inward.read(packet) !== 'packet') return null;
    if (this.inward.takeRoomSignal()) this.signal();
    return {
      type: packet.type,
      completionRequested: packet.completionRequested,
      transactionId: (BigInt(packet.transactionHigh) << 32n) | BigInt(packet.transactionLow),
      ranges: packet.body.slice(0, packet.payloadAt),
      payload: packet.body.slice(packet.payloadAt, packet.bodyBytes),
    };
  }

  signal(): number {
    const input = BigInt(0x10000 + this.relid);
    return Number(this.guest.hypervisor.hypercall({ control: 0x5dn | (1n << 16n), input, output: 0n }));
  }
}
