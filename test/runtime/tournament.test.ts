import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Tournament } from '../../src/runtime/tournament.js';

describe('tournament', () => {
  const change = fc.record({ id: fc.nat(40), key: fc.oneof(fc.nat(9), fc.constant(Number.POSITIVE_INFINITY)) });

  it('always knows the least key, and the lowest id among equals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 41 }), fc.array(change, { maxLength: 200 }), (ids, changes) => {
        const tournament = new Tournament(ids);
        const keys = new Array<number>(ids).fill(Number.POSITIVE_INFINITY);
        for (const { id, key } of changes.filter((each) => each.id < ids)) {
          tournament.set(id, key);
          keys[id] = key;
          const least = Math.min(...keys);
          assert.equal(tournament.leastKey(), least);
          assert.equal(tournament.first(), keys.indexOf(least));
          assert.equal(tournament.keyOf(id), key);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('knows no key of nobody', () => {
    assert.equal(new Tournament(0).leastKey(), Number.POSITIVE_INFINITY);
  });
});
