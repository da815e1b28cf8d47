import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Claim, shareOut } from '../../../src/runtime/hypervisor/share-out.js';

const EPSILON = 1e-9;

const claim: fc.Arbitrary<Claim> = fc
  .record({
    reserve: fc.double({ min: 0, max: 1, noNaN: true }),
    limit: fc.double({ min: 0.01, max: 1, noNaN: true }),
    weight: fc.integer({ min: 1, max: 10_000 }),
    demand: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map((made) => ({ ...made, reserve: Math.min(made.reserve, made.limit) }));

const hungry = (weight: number, reserve = 0, limit = 1): Claim => ({ reserve, limit, weight, demand: 1 });

describe('shares of the processors that machine children have together', () => {
  it('go by weight', () => {
    assert.deepEqual(shareOut(1, [hungry(100), hungry(300)]), [0.25, 0.75]);
    assert.deepEqual(
      shareOut(2, [hungry(100), hungry(100), hungry(100)]).map((share) => share.toFixed(3)),
      ['0.667', '0.667', '0.667'],
    );
  });

  it('keep what is reserved, however heavy the others are', () => {
    const [reserved] = shareOut(1, [hungry(1, 0.5), hungry(10_000), hungry(10_000)]);
    assert.ok(reserved! >= 0.5);
  });

  it('never exceed a limit, and leave what one does not want to the others', () => {
    const percent = (claims: Claim[]) => shareOut(1, claims).map((share) => Math.round(share * 100));
    assert.deepEqual(percent([hungry(100, 0, 0.2), hungry(100)]), [20, 80]);
    assert.deepEqual(percent([{ ...hungry(900), demand: 0.1 }, hungry(100)]), [10, 90]);
  });

  it('hold for all claims: nothing beyond what there is, no limit or demand exceeded, no reserve broken, nothing idle', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 8, noNaN: true }),
        fc.array(claim, { maxLength: 8 }),
        (processors, claims) => {
          const shares = shareOut(processors, claims);
          const given = shares.reduce((sum, share) => sum + share, 0);
          const wanted = claims.map(({ demand, limit }) => Math.min(demand, limit));
          const promised = claims.reduce((sum, { reserve }, index) => sum + Math.min(reserve, wanted[index]!), 0);
          assert.ok(given <= processors + EPSILON);
          for (const [index, share] of shares.entries()) {
            assert.ok(share <= wanted[index]! + EPSILON);
            if (promised <= processors) assert.ok(share >= Math.min(claims[index]!.reserve, wanted[index]!) - EPSILON);
          }
          const all = wanted.reduce((sum, share) => sum + share, 0);
          assert.ok(given >= Math.min(all, processors) - 1e-6, 'nothing is idle that somebody wants');
        },
      ),
    );
  });
});
