import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LinearMemory } from '../../../src/runtime/child/linear-memory.js';
import { GuestBuffer } from '../../../src/runtime/parent/vsp/guest-buffer.js';

const PAGE = 4096;
const PAGES = 8;

interface Range {
  bytes: number;
  offset: number;
  frames: number[];
}

/** The ranges of a GPA-direct packet. */
function packetOf(ranges: readonly Range[]): DataView {
  const view = new DataView(new ArrayBuffer(8 + ranges.reduce((sum, { frames }) => sum + 8 + frames.length * 8, 0)));
  view.setUint32(4, ranges.length, true);
  let at = 8;
  for (const { bytes, offset, frames } of ranges) {
    view.setUint32(at, bytes, true);
    view.setUint32(at + 4, offset, true);
    at += 8;
    for (const frame of frames) {
      view.setBigUint64(at, BigInt(frame), true);
      at += 8;
    }
  }
  return view;
}

/** Every byte that the ranges lend, in their order. */
function addresses(ranges: readonly Range[]): number[] {
  return ranges.flatMap(({ bytes, offset, frames }) =>
    Array.from({ length: bytes }, (_, index) => {
      const at = offset + index;
      return frames[Math.floor(at / PAGE)]! * PAGE + (at % PAGE);
    }),
  );
}

/** Each page once, in any order, so that neighbours occur; a range may be empty and start within its page. */
const someRanges: fc.Arbitrary<Range[]> = fc
  .tuple(fc.shuffledSubarray(Array.from({ length: PAGES }, (_, frame) => frame)), fc.array(fc.nat(3), { maxLength: 4 }))
  .chain(([frames, counts]) => {
    const left = [...frames];
    const cut = counts.map((count) => left.splice(0, count));
    return fc.tuple(
      ...cut.map((pages) =>
        fc.record({ offset: fc.nat(PAGE - 1), short: fc.nat(PAGE - 1), frames: fc.constant(pages) }).map((range) => {
          const { offset, short } = range;
          if (pages.length === 0) return { bytes: 0, offset: 0, frames: pages };
          const least = (pages.length - 1) * PAGE + 1;
          return { bytes: Math.max(0, Math.max(least, pages.length * PAGE - short) - offset), offset, frames: pages };
        }),
      ),
    );
  })
  .map((ranges) => ranges.filter(({ bytes, offset, frames }) => Math.ceil((offset + bytes) / PAGE) === frames.length));

describe('memory that a guest lends', () => {
  it('is read and written in the order of its ranges, and nothing else is', () => {
    fc.assert(
      fc.property(someRanges, fc.nat(PAGES * PAGE), (ranges, most) => {
        const bytes = new ArrayBuffer(PAGES * PAGE);
        const buffer = new GuestBuffer(new LinearMemory(bytes.byteLength, () => bytes, 0));
        const view = packetOf(ranges);
        assert.ok(buffer.load(view, view.byteLength));
        const lent = addresses(ranges);
        assert.equal(buffer.bytes, lent.length);

        const length = Math.min(most, lent.length);
        const data = Uint8Array.from({ length }, (_, index) => (index % 255) + 1);
        assert.equal(buffer.write(data), length);
        const expected = new Uint8Array(bytes.byteLength);
        for (const [index, gpa] of lent.slice(0, length).entries()) expected[gpa] = data[index]!;
        assert.deepEqual(new Uint8Array(bytes), expected);
        assert.deepEqual(buffer.read(length), data);
        assert.deepEqual(Buffer.concat(buffer.pieces(length, 'read')!), Buffer.from(data));
      }),
    );
  });

  it('lends the bytes themselves, and the CPU hears of what may have been written', () => {
    const bytes = new ArrayBuffer(PAGES * PAGE);
    const written: number[][] = [];
    const memory = new LinearMemory(
      bytes.byteLength,
      () => bytes,
      0,
      (...range) => written.push(range),
    );
    const buffer = new GuestBuffer(memory);
    const view = packetOf([{ bytes: 3 * PAGE - 100, offset: 100, frames: [2, 3, 6] }]);
    assert.ok(buffer.load(view, view.byteLength));
    buffer.pieces(PAGE, 'read');
    assert.deepEqual(written, []);
    for (const piece of buffer.pieces(2 * PAGE, 'write')!) piece.fill(9);
    assert.deepEqual(written, [
      [2 * PAGE + 100, 2 * PAGE - 100],
      [6 * PAGE, 100],
    ]);
    const all = new Uint8Array(bytes);
    assert.deepEqual([all[2 * PAGE + 99], all[2 * PAGE + 100], all[6 * PAGE + 99], all[6 * PAGE + 100]], [0, 9, 9, 0]);
    assert.throws(() => buffer.pieces(3 * PAGE, 'read'));
  });

  it('goes on behind an empty range that starts within a page', () => {
    const bytes = new ArrayBuffer(PAGES * PAGE);
    const buffer = new GuestBuffer(new LinearMemory(bytes.byteLength, () => bytes, 0));
    const view = packetOf([
      { bytes: 0, offset: 8, frames: [3] },
      { bytes: 4, offset: 0, frames: [5] },
    ]);
    assert.ok(buffer.load(view, view.byteLength));
    buffer.write(Uint8Array.of(1, 2, 3, 4));
    assert.deepEqual(new Uint8Array(bytes, 5 * PAGE, 4), Uint8Array.of(1, 2, 3, 4));
  });
});
