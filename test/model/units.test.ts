import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Dimension, toQuantity, UNITS, unitsFor } from '../../src/model/units.js';

describe('quantities', () => {
  const value = (number: number, unit: string | null, per: string | null = null) => {
    const quantity = toQuantity(number, unit, per);
    assert.ok('value' in quantity, JSON.stringify(quantity));
    return quantity;
  };

  it('counts memory in powers of two and line speed in powers of ten', () => {
    assert.deepEqual(value(2, 'GB'), { dimension: 'memory', value: 2 * 1024 ** 3 });
    assert.deepEqual(value(1, 'Gb', 's'), { dimension: 'bandwidth', value: 1e9 });
  });

  it('knows time, frequency, percent, bare counts and rates', () => {
    assert.deepEqual(value(1.5, 'ms'), { dimension: 'time', value: 1.5e6 });
    assert.deepEqual(value(2.8, 'GHz'), { dimension: 'frequency', value: 2.8e9 });
    assert.deepEqual(value(20, '%'), { dimension: 'percent', value: 20 });
    assert.deepEqual(value(4, null), { dimension: 'count', value: 4 });
    assert.deepEqual(value(120, null, 'min'), { dimension: 'rate', value: 2 });
    assert.deepEqual(value(20, 'MB', 's'), { dimension: 'throughput', value: 20 * 1024 ** 2 });
  });

  it('names what is wrong', () => {
    assert.deepEqual(toQuantity(1, 'furlong', null), { fault: 'unknown-unit', unit: 'furlong' });
    assert.deepEqual(toQuantity(1, 'GB', 'fortnight'), { fault: 'unknown-unit', unit: 'fortnight' });
    assert.deepEqual(toQuantity(1, 'GHz', 's'), { fault: 'no-dimension', unit: 'GHz', per: 's' });
    assert.deepEqual(toQuantity(1, 'Gb', null), { fault: 'no-dimension', unit: 'Gb', per: '' });
    assert.deepEqual(toQuantity(1, 'GB', 'MB'), { fault: 'no-dimension', unit: 'GB', per: 'MB' });
    assert.deepEqual(toQuantity(1e30, 'GB', null), { fault: 'out-of-range' });
  });

  it('never gives a number that is not finite and exactly countable', () => {
    const symbols = fc.constantFrom(null, ...UNITS.map((unit) => unit.symbol));
    fc.assert(
      fc.property(fc.double(), symbols, symbols, (number, unit, per) => {
        const quantity = toQuantity(number, unit, per);
        if ('value' in quantity) assert.ok(Math.abs(quantity.value) <= Number.MAX_SAFE_INTEGER);
      }),
    );
  });

  it('offers units that give the dimension they are offered for', () => {
    const dimensions: Dimension[] = ['memory', 'time', 'frequency', 'percent', 'rate', 'bandwidth', 'throughput'];
    for (const dimension of dimensions) {
      assert.ok(unitsFor(dimension).length > 0);
      for (const written of unitsFor(dimension)) {
        const [unit, per] = written.split('/').map((part) => part.trim());
        assert.equal(value(1, unit || null, per ?? null).dimension, dimension, written);
      }
    }
  });
});
