import assert from 'node:assert/strict';
import { commonLineRules, entitlementRules } from '../../src/runtime/architecture/line-rules.js';
import { CostLedger } from '../../src/runtime/trace/cost-ledger.js';
import { host, withCosts } from './hosts.js';

describe('rules of a line', () => {
  it('are those of the cost table', () => {
    const costs = new CostLedger(host());
    const rules = { wakeGranularityNs: 1_000_000, remoteLeadNs: 20_000_000, memoryNs: 1_000_000_000, behindSlices: 2 };
    assert.deepEqual(commonLineRules(costs), rules);
    assert.deepEqual(entitlementRules(costs), { parts: 500, near: 0.8 });
  });

  it('are set by a definition, and a period has one part at least', () => {
    const set = { 'share-memory': 5, 'entitlement-near': 60, 'entitlement-parts': 0 };
    const costs = new CostLedger(withCosts(host(), set));
    assert.equal(commonLineRules(costs).memoryNs, 5);
    assert.deepEqual(entitlementRules(costs), { parts: 1, near: 0.6 });
  });
});
