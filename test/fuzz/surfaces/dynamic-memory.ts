import assert from 'node:assert/strict';
import { MemoryVsp } from '../../../src/runtime/parent/vsp/memory/memory-vsp.js';
import { FakeGuest, words } from '../../runtime/machine/fake-guest.js';
import { InputReader, type Surface } from '../surface.js';
import { assertGoesOn, Echo } from './echo.js';

/** What the fake guest has. */
const PAGES = 1024;
const IN_BAND = 6;
const Step = { Message: 0, Assign: 1 } as const;
/** A page that nothing else here uses. */
const FREE = 500;

/** Messages of the guest's balloon, and the host's wishes between them. */
export const dynamicMemory: Surface = {
  samples: () => {
    const hello = [message(1, 0x0002_0000, 0), message(3, 3, 0), message(5, 100, 0, 900, 0)];
    return [
      [...hello, assign(PAGES - 100), message(6, 0, 1 << 1, FREE, 60 << 8), assign(PAGES), message(9)],
      [...hello, assign(PAGES - 4), message(6, 0, 3, FREE, 1 << 8), message(6, 0, 2, FREE + 1, 3 << 8), message(9)],
    ];
  },

  attack(input) {
    const vsp = new MemoryVsp(PAGES, ({ assignedPages, demandPages }) => {
      assert.ok(assignedPages >= 0 && assignedPages <= PAGES, 'a guest has no more than it started with');
      assert.ok(demandPages >= 0);
    });
    const guest = new FakeGuest();
    for (const device of [vsp, new Echo()]) guest.server.offer(device);
    guest.connect();
    const [channel, other] = [guest.open(1, 5), guest.open(2)];
    const others = other.outPages.map((page) => guest.cpu.memory.read(page * 4096, 4096).slice());
    let spared = true;
    for (const part of input) {
      const reader = new InputReader(part);
      if (reader.byte() % 2 === Step.Assign) vsp.assign(reader.word() % (PAGES + 1));
      else channel.offer(IN_BAND, new Uint8Array(), reader.rest());
      while (channel.receive() !== null);
      spared &&= other.outPages.every(
        (page, at) => Buffer.compare(guest.cpu.memory.read(page * 4096, 4096), others[at]!) === 0,
      );
    }
    assert.ok(guest.cpu.guardsIntact(), 'nothing outside of guest memory was written');
    // A guest may put the pages of its own rings into its balloon; then it has lost them.
    if (spared) assertGoesOn(other);
  },
};

function message(type: number, ...body: number[]): Uint8Array<ArrayBuffer> {
  const length = 8 + body.length * 4;
  return Uint8Array.from([Step.Message, ...words(type | (length << 16), 7, ...body)]);
}

function assign(pages: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([Step.Assign, ...words(pages)]);
}
