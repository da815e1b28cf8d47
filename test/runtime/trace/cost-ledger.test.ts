import assert from 'node:assert/strict';
import { COSTS } from '../../../src/model/catalog/costs.js';
import { CostLedger, costShares } from '../../../src/runtime/trace/cost-ledger.js';
import { host, withCosts } from '../hosts.js';

describe('the costs of a run', () => {
  it('say of each amount whether it is recalled or assumed, but not of one that the definition sets', () => {
    const ledger = new CostLedger(withCosts(host(), { 'numa-remote': 30, 'cache-refill': 5 }));
    for (const cost of ledger.rows()) cost.chargeNs(1);
    const doubts = new Map(costShares([ledger]).map(({ id, doubt }) => [id, doubt]));
    for (const { id, status } of COSTS) {
      if (!doubts.has(id)) continue;
      const isSet = id === 'numa-remote' || id === 'cache-refill';
      const expected = isSet || status === 'documented' || status === 'secondary' ? null : status;
      assert.equal(doubts.get(id), expected, id);
    }
    assert.equal(doubts.get('context-switch'), 'recalled');
    assert.equal(doubts.get('vsp-storage-request'), 'assumed');
  });
});
