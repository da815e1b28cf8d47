import assert from 'node:assert/strict';
import fc from 'fast-check';
import { balance, type Claim } from '../../../src/runtime/parent/dynamic-memory/balance.js';

const claim = (parts: Partial<Claim> = {}): Claim => ({
  assigned: 1000,
  demand: 1000,
  minimum: 100,
  maximum: 10_000,
  bufferPercent: 20,
  priority: 50,
  ...parts,
});

const anyClaim: fc.Arbitrary<Claim> = fc
  .record({
    minimum: fc.integer({ min: 1, max: 1_000_000 }),
    above: fc.nat(5_000_000),
    held: fc.nat(5_000_000),
    demand: fc.nat(10_000_000),
    bufferPercent: fc.integer({ min: 5, max: 2000 }),
    priority: fc.nat(100),
  })
  .map(({ above, held, ...rest }) => ({
    ...rest,
    maximum: rest.minimum + above,
    assigned: rest.minimum + Math.min(held, above),
  }));

const total = (pages: number[]) => pages.reduce((sum, count) => sum + count, 0);
const pressures = (claims: Claim[], available: number) =>
  balance(claims, available).map((pages, i) => claims[i]!.demand / pages);

describe('the balance of memory', () => {
  it('gives everybody demand and buffer while there is enough', () => {
    assert.deepEqual(balance([claim(), claim({ demand: 2000 }), claim({ demand: 10 })], 1600), [1200, 2400, 100]);
  });

  it('never gives more than there is, nor a child less than its minimum or more than it wants', () => {
    fc.assert(
      fc.property(fc.array(anyClaim, { maxLength: 12 }), fc.nat(20_000_000), (claims, available) => {
        const targets = balance(claims, available);
        assert.ok(total(targets) <= total(claims.map(({ assigned }) => assigned)) + available);
        targets.forEach((pages, i) => {
          const { minimum, maximum } = claims[i]!;
          assert.ok(Number.isInteger(pages) && pages >= minimum && pages <= maximum);
        });
      }),
    );
  });

  it('leaves nothing but rounding when not everybody has what he wants', () => {
    fc.assert(
      fc.property(fc.array(anyClaim, { minLength: 1, maxLength: 12 }), fc.nat(1_000_000), (claims, available) => {
        const targets = balance(claims, available);
        const left = total(claims.map(({ assigned }) => assigned)) + available - total(targets);
        const wanting = targets.some(
          (pages, i) => pages < Math.min(claims[i]!.maximum, claims[i]!.demand * (1 + claims[i]!.bufferPercent / 100)),
        );
        assert.ok(!wanting || left <= claims.length, `${left} pages are left`);
      }),
    );
  });

  it('makes the pressures of equal children equal, whatever they have now', () => {
    const equal = [claim({ assigned: 100, demand: 4000 }), claim({ assigned: 3000, demand: 2000 })];
    const [first, second] = pressures(equal, 500);
    assert.ok(Math.abs(first! - second!) < 0.01);
  });

  it('puts the child of the higher priority under less pressure', () => {
    const [low, high] = pressures([claim({ priority: 25, demand: 3000 }), claim({ priority: 75, demand: 3000 })], 1000);
    assert.ok(Math.abs(low! / high! - 3) < 0.01);
  });
});
