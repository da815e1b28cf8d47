import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hookDeviceMemory } from '../../../src/runtime/child/machine/device-memory.js';
import type { WasmFunction } from '../../../src/runtime/child/machine/v86-platform.js';
import { StateReader } from '../../../src/runtime/child/snapshot/plain-state.js';
import { KeyboardVsp } from '../../../src/runtime/parent/vsp/keyboard/keyboard-vsp.js';
import { VideoVsp } from '../../../src/runtime/parent/vsp/video/video-vsp.js';
import { type FakeChannel, FakeGuest, words } from './fake-guest.js';

const VRAM = 0xf8000000;

describe('synthetic keyboard', () => {
  function keyboard() {
    const vsp = new KeyboardVsp();
    const guest = new FakeGuest();
    guest.server.offer(vsp);
    guest.connect();
    return { vsp, guest, channel: guest.open(1) };
  }
  const answer = (channel: FakeChannel) => {
    const packet = channel.receive();
    // The ring gives whole words of 64 bits.
    return packet && [...new Uint32Array(packet.payload.slice().buffer)].slice(0, packet.payload[0] === 2 ? 2 : 3);
  };

  it('agrees on version 1.0 and sends what is typed from then on', () => {
    const { vsp, channel } = keyboard();
    vsp.type({ code: 0x1e, prefix: 'none', up: false });
    assert.equal(answer(channel), null, 'nobody listens yet');
    channel.send(words(1, 0x0002_0000));
    assert.deepEqual(answer(channel), [2, 0]);
    channel.send(words(1, 0x0001_0000));
    assert.deepEqual(answer(channel), [2, 1]);
    vsp.type({ code: 0x1e, prefix: 'none', up: false });
    vsp.type({ code: 0x48, prefix: 'e0', up: true });
    assert.deepEqual(answer(channel), [3, 0x1e, 0]);
    assert.deepEqual(answer(channel), [3, 0x48, 2 | 4]);
  });

  it('breaks the channel of a guest that sends half a message', () => {
    const { guest, channel } = keyboard();
    channel.sendRaw(6, new Uint8Array(), new Uint8Array(0), 1n);
    assert.ok(guest.events.some(({ type }) => type === 'channel broken'));
  });
});

/** A message with its two headers. */
function video(type: number, ...body: number[]): Uint8Array {
  const bytes = new Uint8Array(16 + body.length);
  bytes.set(words(1, body.length + 8, type, body.length + 8));
  bytes.set(body, 16);
  return bytes;
}

function bytesOf(value: number, count = 4): number[] {
  return Array.from({ length: count }, (_, at) => Math.floor(value / 256 ** at) & 0xff);
}

const location = (gpa: number) => video(3, ...bytesOf(7, 8), 1, ...bytesOf(gpa, 8));
const situation = (width: number, height: number, depth = 32, offset = 0) =>
  video(
    5,
    ...bytesOf(9, 8),
    1,
    1,
    ...[offset].flatMap((n) => bytesOf(n)),
    depth,
    ...[width, height, width * 4].flatMap((n) => bytesOf(n)),
  );
const dirt = (...sides: number[]) => video(10, 0, 1, ...sides.flatMap((side) => bytesOf(side)));

describe('synthetic video', () => {
  function screen() {
    const vsp = new VideoVsp();
    const guest = new FakeGuest();
    guest.server.offer(vsp);
    const [offer] = guest.connect();
    return { vsp, guest, offer: offer!, channel: guest.open(1, 5) };
  }
  const typeOf = (channel: FakeChannel) => {
    const packet = channel.receive();
    return packet === null ? null : new DataView(packet.payload.slice().buffer).getUint32(8, true);
  };

  function showing() {
    const all = screen();
    all.channel.send(location(VRAM));
    all.channel.send(situation(4, 2));
    return all;
  }

  it('asks for memory in its offer and agrees on versions and sizes', () => {
    const { offer, channel } = screen();
    assert.equal(offer.getUint16(58, true), 8);
    channel.send(video(1, ...bytesOf(0x0005_0003)));
    const version = channel.receive()!;
    assert.deepEqual([...version.payload.slice(16, 22)], [3, 0, 5, 0, 1, 1]);
    channel.send(video(13, 64));
    const sizes = new DataView(channel.receive()!.payload.slice().buffer, 16);
    assert.deepEqual([sizes.getUint8(128), sizes.getUint8(129)], [4, 0]);
    assert.deepEqual([sizes.getUint16(131, true), sizes.getUint16(133, true)], [1024, 768]);
  });

  it('shows what the guest draws, all of it first and then what changes', () => {
    const { vsp, channel } = showing();
    assert.deepEqual([typeOf(channel), typeOf(channel), typeOf(channel)], [4, 9, 6]);
    vsp.vram.bytes.set([3, 2, 1, 0], 4); // blue, green, red
    const all = vsp.frame()!;
    assert.deepEqual([all.width, all.height, all.pixels.length], [4, 2, 32]);
    assert.deepEqual([...all.pixels.slice(4, 8)], [1, 2, 3, 255]);
    assert.equal(vsp.frame(), null);
    channel.send(dirt(-5, 0, 2, 1));
    channel.send(dirt(1, 0, 99, 1));
    const { left, top, right, bottom } = vsp.frame()!;
    assert.deepEqual([left, top, right, bottom], [0, 0, 4, 1]);
    assert.equal(vsp.frame(true)?.pixels.length, 32);
  });

  it('goes on where it was saved, with its picture', () => {
    const { vsp } = showing();
    vsp.vram.bytes.fill(0x55, 0, 32);
    const again = new VideoVsp();
    again.restore(new StateReader(JSON.parse(JSON.stringify(vsp.save()))), null);
    assert.deepEqual(again.frame(), vsp.frame());
    const lying = {
      ...(vsp.save() as object),
      situation: { active: true, offset: 0, depth: 32, width: 9999, height: 9999, pitch: 4 },
    };
    assert.throws(() => new VideoVsp().restore(new StateReader(lying), null), /more than it has/);
  });

  for (const [what, message] of [
    ['memory inside RAM', location(0x1000)],
    ['memory behind the last address', location(0xffff0000)],
    ['a screen larger than its memory', situation(4000, 4000)],
    ['another depth', situation(4, 4, 24)],
    ['half a message', video(5, 1)],
  ] as const) {
    it(`breaks the channel of a guest that claims ${what}`, () => {
      const { guest, channel } = screen();
      channel.send(message);
      assert.ok(guest.events.some(({ type }) => type === 'channel broken'));
    });
  }

  it('bears any message', () => {
    const packet = fc.tuple(fc.nat(14), fc.uint8Array({ maxLength: 64 }));
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 6 }), (packets) => {
        const { vsp, guest, channel } = showing();
        for (const [type, body] of packets) {
          if (guest.events.some((event) => event.type === 'channel broken')) break;
          channel.send(video(type, ...body));
          vsp.frame();
          while (channel.receive() !== null);
        }
        assert.ok(guest.cpu.guardsIntact());
        assert.equal(guest.connect().length, 1, 'the bus still works');
      }),
      { numRuns: 100 },
    );
  });
});

describe('memory of a device', () => {
  it('answers where the guest has put it, and nowhere else', () => {
    const memory = { gpa: null as number | null, bytes: new Uint8Array(4096) };
    const real: [string, number][] = [];
    const names = ['read8', 'read32', 'write8', 'write16', 'write32', 'write64', 'write128'];
    const env = Object.fromEntries(
      names.map((name) => [`mmap_${name}`, (address: number) => real.push([name, address >>> 0]) * 0 - 1]),
    );
    hookDeviceMemory(env, [memory]);
    const call = (name: string, ...numbers: number[]) => (env[`mmap_${name}`] as WasmFunction)(...numbers);
    assert.equal(call('read8', VRAM | 0), -1);
    memory.gpa = VRAM;
    call('write128', VRAM | 0, 1, 2, 3, -4);
    call('write64', (VRAM + 16) | 0, 5, 6);
    call('write16', (VRAM + 24) | 0, 0x1234);
    call('write8', (VRAM + 26) | 0, 0xff);
    assert.equal(call('read32', (VRAM + 12) | 0), -4);
    assert.equal(call('read32', (VRAM + 24) | 0), 0xff1234);
    assert.equal(call('read8', (VRAM + 16) | 0), 5);
    assert.equal(real.length, 1);
    call('write32', (VRAM + 4094) | 0, 7);
    assert.deepEqual(real.at(-1), ['write32', VRAM + 4094]);
  });
});
