import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ethernetFrame } from '../../../src/runtime/parent/ethernet/ethernet-frame.js';
import { BROADCAST, macBytes } from '../../../src/runtime/parent/switch/mac-address.js';
import { tcpFrame, verified } from '../ethernet/tcp-frame.js';
import { words } from './fake-guest.js';
import { concat, dataOf, frameBytes, NetworkGuest, OTHER, OWN, offloadParameters, rndisData } from './network-guest.js';

const LARGE_SEND = 2;
const CHECKSUM = 0;
const VLAN = 6;
const TCP4 = 1 | (1 << 2);

/** What arrived at the other port. */
function atOther({ other }: NetworkGuest) {
  const frames = [];
  for (let next = other.take(); next !== null; next = other.take()) frames.push(next);
  return frames;
}

function broken({ guest }: NetworkGuest): boolean {
  return guest.events.some(({ type }) => type === 'channel broken');
}

describe('network VSP: agreement', () => {
  for (const version of [0x60001, 0x60000, 0x50000, 0x40000, 0x30002, 2]) {
    it(`speaks version ${(version >>> 16).toString()}.${version & 0xffff}`, () => {
      const guest = new NetworkGuest();
      guest.bringUp({ version });
      guest.sendRndis(false, rndisData(frameBytes(OTHER, OWN, [1])));
      assert.equal(atOther(guest).length, 1);
    });
  }

  it('refuses versions it does not know, and takes another try', () => {
    const guest = new NetworkGuest();
    assert.equal(guest.ask(1, 0x70000, 0x70000)[3], 2);
    assert.equal(guest.ask(1, 2, 0x60001)[3], 2, 'one version at a time');
    guest.negotiate();
  });

  it('breaks the channel of who speaks before a version, or in a version it did not choose', () => {
    const early = new NetworkGuest();
    early.channel.send(words(101, 1, 2));
    assert.ok(broken(early));
    const old = new NetworkGuest();
    old.ask(1, 2, 2);
    old.channel.send(words(133, 1, 1, 0));
    assert.ok(broken(old), 'sub-channels came with version 5');
  });

  it('takes no receive buffer that is not there, too small or the second one', () => {
    const guest = new NetworkGuest();
    guest.ask(1, 0x60001, 0x60001);
    assert.equal(guest.ask(101, 0x999, 0xcafe)[1], 2);
    const small = guest.guest.share(1, 4);
    guest.guest.messages();
    assert.equal(guest.ask(101, small.gpadl, 0xcafe)[1], 2);
    guest.negotiate();
    assert.equal(guest.ask(101, small.gpadl, 0xcafe)[1], 2);
  });

  it('has no second channel for a guest with one processor', () => {
    const guest = new NetworkGuest();
    guest.negotiate();
    assert.deepEqual([...guest.ask(133, 1, 3)].slice(0, 3), [133, 2, 0]);
  });
});

describe('network VSP: the adapter', () => {
  it('tells its address, its link and what it computes', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    assert.deepEqual(guest.queryOid(0x01010101).data, macBytes(OWN));
    assert.deepEqual(guest.queryOid(0x00010114).data, words(0));
    assert.deepEqual(guest.queryOid(0x00010106).data, words(1500));
    const offload = guest.queryOid(0xfc01020d).data;
    assert.deepEqual([...offload.slice(0, 4)], [0xa7, 3, 156, 0]);
    assert.equal(guest.queryOid(0x12345678).status, 0xc00000bb);
  });

  it('keeps its address, because the switch takes no other', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    assert.equal(guest.setOid(0x0001021b, words(1, 2, 3)), 0xc00000bb);
  });

  it('lives through keep-alive, reset and halt', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    assert.deepEqual([...guest.request(words(8, 12, 5))], [0x80000008, 16, 5, 0]);
    assert.deepEqual([...guest.request(words(6, 12, 0))], [0x80000006, 16, 0, 0]);
    guest.sendRndis(true, words(3, 12, 6));
    guest.other.send(ethernetFrame(frameBytes(OWN, OTHER)), null);
    assert.deepEqual(guest.everything(), [], 'a halted adapter receives nothing');
    assert.equal(guest.vsp.counters.discarded, 1);
  });

  it('tells a running guest that its cable was pulled, and plugged in again', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    const status = () => new DataView(guest.received()[0]!.buffer).getUint32(8, true);
    guest.vsp.plug(null);
    assert.equal(status(), 0x4001000c);
    assert.deepEqual(guest.queryOid(0x00010114).data, words(1));
    guest.sendRndis(false, rndisData(frameBytes(OTHER, OWN)));
    assert.deepEqual(atOther(guest), [], 'what it sends is lost');
    guest.vsp.plug(guest.port);
    assert.equal(status(), 0x4001000b);
    guest.vsp.plug(guest.port);
    assert.deepEqual(guest.received(), [], 'nothing changed');
  });
});

describe('network VSP: frames of the guest', () => {
  it('reach the switch from the send buffer and from pages, one by one or several together', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    const frames = [1, 2, 3].map((byte) => frameBytes(OTHER, OWN, [byte]));
    guest.sendRndis(false, concat(rndisData(frames[0]!), rndisData(frames[1]!)));
    assert.equal(guest.completion()[1], 1);
    guest.sendDirect(rndisData(frames[2]!));
    assert.equal(guest.completion()[1], 1);
    assert.deepEqual(
      atOther(guest).map(({ frame }) => Uint8Array.from(frame.data)),
      frames,
    );
  });

  it("leave under the adapter's own address only", () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    guest.sendRndis(false, rndisData(frameBytes(BROADCAST, OTHER)));
    assert.deepEqual(atOther(guest), []);
    assert.equal(guest.port.counters.spoofed, 1);
  });

  it('carry their VLAN beside them or in them', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    const bare = frameBytes(OTHER, OWN, [7]);
    const inFrame = concat(bare.slice(0, 12), Uint8Array.of(0x81, 0, 0, 5), bare.slice(12));
    guest.sendRndis(false, rndisData(bare, [[VLAN, 5 << 4]]));
    guest.sendRndis(false, rndisData(inFrame));
    assert.equal(guest.port.counters.wrongVlan, 2, 'an access port takes no tag');
    const priorityOnly = concat(bare.slice(0, 12), Uint8Array.of(0x81, 0, 0xe0, 0), bare.slice(12));
    guest.sendRndis(false, rndisData(priorityOnly));
    assert.deepEqual(Uint8Array.from(atOther(guest)[0]!.frame.data), bare);
  });

  it('get the length that a large send leaves out', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    const large = tcpFrame({ destination: OTHER, source: OWN, payload: 3000, lengths: false });
    guest.sendDirect(rndisData(large, [[LARGE_SEND, 1000]]));
    const [arrived] = atOther(guest);
    assert.deepEqual(arrived?.frame.offload, { checksum: true, segmentBytes: 1000 });
    assert.equal(new DataView(arrived.frame.data.slice().buffer).getUint16(16), large.length - 14);
  });

  it('get the checksum of their IP header where they ask for it', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    const frame = tcpFrame({ destination: OTHER, source: OWN, payload: 20 });
    const bare = frame.slice();
    bare.set([0, 0], 24);
    guest.sendRndis(false, rndisData(bare, [[CHECKSUM, 1 | (1 << 4)]]));
    assert.deepEqual(Uint8Array.from(atOther(guest)[0]!.frame.data), frame);
  });

  it('are counted and dropped when they are not what they say', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    guest.sendRndis(false, rndisData(frameBytes(OTHER, OWN, [1, 2]), [[CHECKSUM, TCP4]]));
    guest.sendRndis(false, words(1, 44, 36, 4000, 0, 0, 0, 0, 0, 0, 0));
    assert.deepEqual([guest.vsp.counters.malformed, atOther(guest).length], [2, 0]);
    guest.sendRndis(false, words(1, 999, 36, 14));
    assert.equal(guest.completion()[1], 5, 'an invalid RNDIS packet');
    assert.equal(broken(guest), false);
  });
});

describe('network VSP: frames for the guest', () => {
  it('arrive whole and in order, many in one packet', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    const sent = Array.from({ length: 200 }, (_, index) => frameBytes(OWN, OTHER, [index, index >> 8]));
    for (const data of sent) guest.other.send(ethernetFrame(data), null);
    assert.deepEqual(
      guest.everything().map((message) => dataOf(message).frame),
      sent,
    );
    assert.equal(guest.vsp.counters.receivedFrames, 200);
  });

  it('are those that the filter lets through', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    const group = 0x0100_5e00_0001;
    const arrives = (destination: number) => {
      guest.other.send(ethernetFrame(frameBytes(destination, OTHER)), null);
      return guest.everything().length;
    };
    guest.setOid(0x0001010e, words(0x01));
    assert.deepEqual([OWN, group, BROADCAST].map(arrives), [1, 0, 0]);
    guest.setOid(0x0001010e, words(0x0e));
    assert.deepEqual([OWN, group, BROADCAST].map(arrives), [0, 1, 1]);
    guest.setOid(0x0001010e, words(0x20));
    assert.deepEqual([OWN, group, BROADCAST].map(arrives), [1, 1, 1]);
  });

  it('wait in the switch while the guest completes nothing', () => {
    const guest = new NetworkGuest();
    guest.bringUp({ receivePages: 16 });
    for (let index = 0; index < 600; index++) {
      guest.other.send(ethernetFrame(frameBytes(OWN, OTHER, new Array(1400).fill(index & 255))), null);
    }
    const held: bigint[] = [];
    for (let packet = guest.channel.receive(); packet !== null; packet = guest.channel.receive()) {
      if (packet.type === 7) held.push(packet.transactionId);
    }
    assert.ok(guest.vsp.counters.receivedFrames < 50, 'no more than the buffer holds');
    for (const transaction of held) guest.complete(transaction);
    const later = guest.everything();
    assert.equal(guest.vsp.counters.receivedFrames, 600);
    assert.equal(dataOf(later.at(-1)!).frame.at(-1), 599 & 255);
  });

  it('come without checksum, vouched for, where the guest has switched that on', () => {
    const guest = new NetworkGuest();
    guest.bringUp({ offloads: true });
    const data = tcpFrame({ destination: OWN, source: OTHER, payload: 100 });
    guest.other.send(ethernetFrame(data, { checksum: true, segmentBytes: 0 }), null);
    const { frame, infos } = dataOf(guest.everything()[0]!);
    assert.deepEqual(frame, data);
    assert.equal(infos.get(CHECKSUM), (1 << 3) | (1 << 5), 'TCP and IP are right');
  });

  it('are finished for a guest that has not', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    const data = tcpFrame({ destination: OWN, source: OTHER, payload: 2500 });
    guest.other.send(ethernetFrame(data, { checksum: true, segmentBytes: 1000 }), null);
    const frames = guest.everything().map((message) => dataOf(message).frame);
    assert.deepEqual(
      frames.map((frame) => frame.length - 54),
      [1000, 1000, 500],
    );
    for (const frame of frames) assert.ok(verified(frame));
  });

  it('come as one large frame where the guest sends such frames itself', () => {
    const guest = new NetworkGuest();
    guest.bringUp({ offloads: true });
    const data = tcpFrame({ destination: OWN, source: OTHER, payload: 30_000 });
    guest.other.send(ethernetFrame(data, { checksum: true, segmentBytes: 1460 }), null);
    const messages = guest.everything();
    assert.deepEqual([messages.length, dataOf(messages[0]!).frame.length], [1, data.length]);
    guest.setOid(0xfc01020c, offloadParameters(4, 1));
    guest.other.send(ethernetFrame(data, { checksum: true, segmentBytes: 1460 }), null);
    assert.equal(guest.everything().length, 21, 'switched off again');
  });
});

describe('network VSP: a saved guest', () => {
  it('goes on sending and receiving on another host, with what it held', () => {
    const before = new NetworkGuest();
    before.bringUp({ offloads: true });
    before.other.send(ethernetFrame(frameBytes(OWN, OTHER, [1])), null);
    const held = before.channel.receive();
    const after = new NetworkGuest(before);
    after.complete(held!.transactionId);
    after.sendRndis(false, rndisData(frameBytes(OTHER, OWN, [2])));
    assert.equal(atOther(after)[0]?.frame.data.at(-1), 2);
    const data = tcpFrame({ destination: OWN, source: OTHER, payload: 30_000 });
    after.other.send(ethernetFrame(data, { checksum: true, segmentBytes: 1460 }), null);
    assert.deepEqual(dataOf(after.everything()[0]!).frame, data, 'its offloads are still on');
    assert.equal(after.vsp.counters.receivedFrames, 2);
  });

  it('gets an answer that it had not taken', () => {
    const before = new NetworkGuest();
    before.bringUp();
    for (let id = 0; id < 70; id++) before.sendRndis(true, words(8, 12, id));
    const after = new NetworkGuest(before);
    const answers = after.everything();
    assert.equal(answers.length, 70);
    assert.deepEqual([...answers.at(-1)!], [...new Uint8Array(words(0x80000008, 16, 69, 0).buffer)]);
  });

  it('learns where it goes on that its cable is not plugged in', () => {
    const before = new NetworkGuest();
    before.bringUp();
    const after = new NetworkGuest(before);
    after.vsp.plug(null);
    assert.equal(new DataView(after.received()[0]!.buffer).getUint32(8, true), 0x4001000c);
  });
});

describe('network VSP: a hostile guest', () => {
  it('harms its own channel at most, whatever it sends', () => {
    const word = fc.oneof(
      fc.constantFrom(0, 1, 2, 8, 36, 44, 100, 107, 0x60001, 0xffffffff, 0xcafe),
      fc.nat(0xffffffff),
    );
    const nvsp = fc.record({
      kind: fc.constantFrom('nvsp' as const),
      type: fc.constantFrom(0, 1, 100, 101, 103, 104, 106, 107, 108, 125, 129, 131, 133, 999),
      rest: fc.array(word, { maxLength: 9 }),
    });
    const rndis = fc.record({
      kind: fc.constantFrom('rndis' as const),
      control: fc.boolean(),
      type: fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8),
      rest: fc.array(word, { maxLength: 30 }),
    });
    const other = fc.record({ kind: fc.constantFrom('other' as const), bytes: fc.nat(70_000), mss: fc.nat(3000) });
    fc.assert(
      fc.property(fc.array(fc.oneof(nvsp, rndis, other), { maxLength: 12 }), (steps) => {
        const guest = new NetworkGuest();
        guest.bringUp({ offloads: true });
        for (const step of steps) {
          if (step.kind === 'nvsp') guest.channel.send(words(step.type, ...step.rest), 7n);
          else if (step.kind === 'rndis')
            guest.sendRndis(step.control, words(step.type, step.rest.length * 4 + 4, ...step.rest));
          else {
            const data = new Uint8Array(Math.max(14, step.bytes));
            data.set(frameBytes(OWN, OTHER));
            guest.other.send(ethernetFrame(data, { checksum: true, segmentBytes: step.mss }), null);
          }
          guest.channel.receive();
        }
        assert.ok(guest.guest.cpu.guardsIntact());
        for (const { frame } of atOther(guest)) assert.equal(frame.source, OWN);
      }),
      { numRuns: 300 },
    );
  });

  it('loses its channel when it takes back memory that the adapter still uses, which is not written to any more', () => {
    for (const buffer of ['receive', 'send'] as const) {
      const guest = new NetworkGuest();
      guest.bringUp();
      const { gpadl } = guest.buffers[buffer];
      const { pages } = guest.buffers.receive;
      assert.equal(guest.takeBack(gpadl), true);
      assert.deepEqual(guest.guest.events.at(-1), {
        type: 'channel broken',
        device: 'network adapter 00-15-5D-00-00-01',
        reason: 'memory that it uses was torn down',
      });
      const { memory } = guest.guest.cpu;
      const content = () => pages.map((page) => Buffer.from(memory.read(page * 4096, 4096)).toString('base64'));
      const before = content();
      for (let i = 0; i < 100; i++)
        guest.other.send(ethernetFrame(frameBytes(OWN, OTHER, new Array(500).fill(i))), null);
      assert.deepEqual(content(), before);
    }
  });

  it('takes memory back that the adapter has given up', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    const { receive, send } = guest.buffers;
    for (const revoke of [103, 106]) guest.channel.send(words(revoke, 0xcafe, ...new Array(8).fill(0)));
    assert.deepEqual([guest.takeBack(receive.gpadl), guest.takeBack(send.gpadl)], [true, true]);
    assert.ok(guest.guest.events.every(({ type }) => type !== 'channel broken'));
  });

  it('loses its channel when it asks and takes no answers', () => {
    const guest = new NetworkGuest();
    guest.bringUp();
    for (let count = 0; count < 400 && !broken(guest); count++) guest.sendRndis(true, words(8, 12, count));
    assert.ok(broken(guest));
  });
});
