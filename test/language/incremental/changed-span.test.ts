import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changedSpan } from '../../../src/language/incremental/changed-span.js';

/** Long enough for the pieces that are compared at once. */
const text = fc
  .tuple(
    fc.constantFrom('', 'abc '.repeat(3000), 'x'.repeat(9000)),
    fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ') }),
  )
  .map(([long, short]) => long + short);

describe('the changed span', () => {
  it('is what has to be replaced, and touches what is the same on neither side', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(20), fc.string(), (before, at, length, inserted) => {
        const from = before.length === 0 ? 0 : at % before.length;
        const after = before.slice(0, from) + inserted + before.slice(from + length);
        fc.pre(before !== after);
        const { start, oldEnd, newEnd } = changedSpan(before, after);
        assert.equal(before.slice(0, start) + after.slice(start, newEnd) + before.slice(oldEnd), after);
        assert.ok(start === oldEnd || start === newEnd || before[start] !== after[start]);
        assert.ok(start === oldEnd || start === newEnd || before[oldEnd - 1] !== after[newEnd - 1]);
      }),
    );
  });
});
