import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StateReader } from '../../../src/runtime/child/snapshot/plain-state.js';
import { type MemoryUse, MemoryVsp } from '../../../src/runtime/parent/vsp/memory/memory-vsp.js';
import { type FakeChannel, FakeGuest, words } from './fake-guest.js';

/** What the fake guest has. */
const PAGES = 1024;
const PAGE_BYTES = 4096;
/** A page of guest memory that nothing else in the test uses. */
const FREE = 500;

function memory() {
  const uses: MemoryUse[] = [];
  const vsp = new MemoryVsp(PAGES, (use) => uses.push(use));
  const guest = new FakeGuest();
  guest.server.offer(vsp);
  guest.connect();
  return { vsp, uses, guest, channel: guest.open(1, 5) };
}

/** Type and the words behind the header of the next message of the host. */
function next(channel: FakeChannel): number[] | null {
  const packet = channel.receive();
  if (packet === null) return null;
  const view = new DataView(packet.payload.slice().buffer);
  assert.equal(view.getUint16(2, true), packet.payload.length);
  const body = Array.from({ length: (packet.payload.length - 8) / 4 }, (_, at) => view.getUint32(8 + at * 4, true));
  return [view.getUint16(0, true), ...body];
}

function message(type: number, ...body: number[]): Uint8Array {
  return words(type | ((8 + body.length * 4) << 16), 1, ...body);
}

const status = (committed: number) => message(5, 9, 0, committed, 0, 0, 0, 0, 0, 0, 0);
const ballooned = (more: boolean, ...ranges: [number, number][]) =>
  message(7, 0, (ranges.length << 1) | Number(more), ...ranges.flatMap(([start, count]) => [start, count << 8]));

function ready() {
  const all = memory();
  const { channel } = all;
  channel.send(message(1, 0x0002_0000, 0));
  channel.send(message(3, 0b11, 0, 0, 0, 0, 0));
  next(channel);
  next(channel);
  return all;
}

describe('dynamic memory of a machine child', () => {
  it('agrees on a version that both know', () => {
    const { channel } = memory();
    channel.send(message(1, 0x0009_0000, 0));
    assert.deepEqual(next(channel), [2, 0, 0]);
    channel.send(message(1, 0x0001_0000, 1));
    assert.deepEqual(next(channel), [2, 1, 0]);
    channel.send(message(3, 1, 0, 0, 0, 0, 0));
    assert.deepEqual(next(channel), [4, 1, 0]);
  });

  it('has pages taken, erases them, and gives them back', () => {
    const { vsp, uses, guest, channel } = ready();
    channel.send(status(700));
    assert.deepEqual(uses.pop(), { assignedPages: PAGES, demandPages: 700 });
    guest.cpu.memory.writeU32(FREE * PAGE_BYTES, 0x5ec2e7);
    vsp.assign(PAGES - 10);
    assert.deepEqual(next(channel), [6, 10, 0]);
    vsp.assign(PAGES - 20);
    assert.equal(next(channel), null, 'one thing at a time');
    channel.send(ballooned(true, [FREE, 2]));
    channel.send(ballooned(false, [FREE + 4, 3]));
    assert.equal(guest.cpu.memory.readU32(FREE * PAGE_BYTES), 0);
    assert.deepEqual(uses.pop(), { assignedPages: PAGES - 5, demandPages: 695 });
    vsp.assign(PAGES + 99);
    assert.deepEqual(next(channel), [8, 0, 2, FREE, 2 << 8, FREE + 4, 3 << 8]);
    channel.send(message(9));
    assert.deepEqual(uses.pop(), { assignedPages: PAGES, demandPages: 700 });
  });

  it('goes on where it was saved', () => {
    const { vsp, channel, uses } = ready();
    channel.send(status(700));
    vsp.assign(PAGES - 10);
    channel.send(ballooned(true, [FREE, 2]));
    const state = JSON.parse(JSON.stringify(vsp.save()));
    const restored = new MemoryVsp(PAGES, (use) => uses.push(use));
    restored.restore(new StateReader(state), null);
    assert.deepEqual(restored.save(), vsp.save());
    assert.equal(restored.assignedPages, PAGES - 2);
    state.balloon.push({ start: FREE, count: 1 });
    assert.throws(() => new MemoryVsp(PAGES, () => {}).restore(new StateReader(state), null), /balloon/);
  });

  it('has all its memory again when the guest lets go of the channel', () => {
    const { vsp, guest, channel } = ready();
    vsp.assign(PAGES - 10);
    channel.send(ballooned(false, [FREE, 10]));
    assert.equal(vsp.assignedPages, PAGES - 10);
    guest.post(words(7, 0, 1));
    assert.equal(vsp.assignedPages, PAGES);
  });

  for (const [what, answer] of [
    ['more than it was asked for', ballooned(false, [FREE, 11])],
    ['a page twice', ballooned(false, [FREE, 2], [FREE + 1, 2])],
    ['pages that are not there', ballooned(false, [PAGES - 1, 2])],
    ['a range of nothing', ballooned(false, [FREE, 0])],
    ['half a message', message(7)],
  ] as const) {
    it(`breaks the channel of a guest that gives up ${what}`, () => {
      const { vsp, guest, channel } = ready();
      vsp.assign(PAGES - 10);
      channel.send(answer);
      assert.ok(guest.events.some(({ type }) => type === 'channel broken'));
    });
  }

  it('bears any message', () => {
    const packet = fc.tuple(fc.nat(13), fc.uint8Array({ maxLength: 64 }));
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 8 }), fc.nat(PAGES), (packets, wanted) => {
        const { vsp, guest, channel } = ready();
        for (const [type, body] of packets) {
          if (guest.events.some((event) => event.type === 'channel broken')) break;
          channel.send(Buffer.concat([message(type).slice(0, 8), body]));
          vsp.assign(wanted);
          while (channel.receive() !== null);
        }
        assert.ok(guest.cpu.guardsIntact());
        assert.ok(vsp.assignedPages >= 0 && vsp.assignedPages <= PAGES);
        assert.equal(guest.connect().length, 1, 'the bus still works');
      }),
      { numRuns: 200 },
    );
  });
});
