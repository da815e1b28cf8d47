import assert from 'node:assert/strict';
import { framesOf, framingOf, wireBytes } from '../../../src/runtime/hardware/framing.js';
import { CostLedger } from '../../../src/runtime/trace/cost-ledger.js';
import { host, withCosts } from '../hosts.js';

describe('frames on a wire', () => {
  const usual = framingOf(new CostLedger(host()));

  it('carry 1,460 bytes of work in 1,538 of the wire, and a tag', () => {
    assert.equal(wireBytes(usual, 1460, false), 1538);
    assert.equal(wireBytes(usual, 1460, true), 1542);
    assert.equal(wireBytes(usual, 1461, false), 1461 + 2 * 78);
  });

  it('are one where there is nothing to carry', () => {
    assert.equal(framesOf(usual, 0), 1);
    assert.equal(wireBytes(usual, 0, false), 78);
  });

  it('are larger where packets are', () => {
    const jumbo = framingOf(new CostLedger(withCosts(host(), { 'ethernet-mtu': 9000 })));
    assert.equal(framesOf(jumbo, 8960), 1);
    assert.equal(wireBytes(jumbo, 89_600, false), 89_600 + 10 * 78);
  });
});
