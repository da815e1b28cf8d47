import assert from 'node:assert/strict';
import { COSTS } from '../../src/model/catalog/costs.js';

describe('cost table', () => {
  it('has every id once, a title and a source for each', () => {
    assert.equal(new Set(COSTS.map(({ id }) => id)).size, COSTS.length);
    for (const { id, title, source } of COSTS) {
      assert.match(id, /^[a-z]+(-[a-z]+)*$/);
      assert.ok(title.length > 0 && source.length > 0, id);
    }
  });

  it('has finite amounts, whole where they are counted', () => {
    for (const { id, amount, unit } of COSTS) {
      assert.ok(Number.isFinite(amount) && amount >= 0, id);
      if (unit !== 'percent') assert.ok(Number.isInteger(amount), id);
    }
  });

  it('calls nothing documented that only says it was chosen', () => {
    for (const { id, status, source } of COSTS) {
      if (/chosen|No published/i.test(source)) assert.equal(status, 'assumed', id);
    }
  });

  it('gives every time an owner and no parameter one', () => {
    for (const { id, unit, spentBy } of COSTS) {
      const isTime = unit === 'ns' || unit === 'cycles';
      if (!isTime && unit !== 'percent') assert.equal(spentBy, 'parameter', id);
    }
  });
});
