import assert from 'node:assert/strict';
import fc from 'fast-check';
import { naturalLogarithm, RandomStream } from '../../src/runtime/random.js';

describe('random streams', () => {
  it('are the same for the same seed and purpose and differ otherwise', () => {
    const draw = (seed: number, purpose: string) => {
      const stream = new RandomStream(seed, purpose);
      return Array.from({ length: 5 }, () => stream.uniform());
    };
    assert.deepEqual(draw(7, 'a'), draw(7, 'a'));
    assert.notDeepEqual(draw(7, 'a'), draw(8, 'a'));
    assert.notDeepEqual(draw(7, 'a'), draw(7, 'b'));
  });

  it('draw exponentials of the given mean and variance', () => {
    const stream = new RandomStream(3, 'test');
    const count = 200_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const x = stream.exponential(10);
      sum += x;
      squares += x * x;
    }
    assert.ok(Math.abs(sum / count - 10) < 0.1);
    assert.ok(Math.abs(squares / count - 200) < 5);
  });

  it('stay below their bound', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (seed, bound) => {
        const value = new RandomStream(seed, 'bound').below(bound);
        assert.ok(Number.isInteger(value) && value >= 0 && value < bound);
      }),
    );
  });

  it('know the natural logarithm', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1, noNaN: true }), (x) => {
        assert.ok(Math.abs(naturalLogarithm(x) - Math.log(x)) <= 1e-13 * Math.max(1, Math.abs(Math.log(x))));
      }),
    );
  });
});
