import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Histogram } from '../../../src/runtime/trace/histogram.js';

describe('histogram', () => {
  it('gives every percentile to within 1/64, and mean and maximum exactly', () => {
    const samples = fc.array(fc.oneof(fc.nat(200), fc.nat(1e9), fc.nat(1e15)), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const histogram = new Histogram();
        for (const value of values) histogram.add(value);
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.ceil((percent / 100) * sorted.length) - 1]!;
        assert.ok(Math.abs(histogram.percentile(percent) - exact) <= exact / 64);
        assert.equal(histogram.max, sorted.at(-1));
        assert.ok(Math.abs(histogram.mean - values.reduce((a, b) => a + b, 0) / values.length) <= 1);
      }),
    );
  });
});
