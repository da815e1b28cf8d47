import assert from 'node:assert/strict';
import {
  formatBitsPerSecond,
  formatBytes,
  formatCount,
  formatHz,
  formatLps,
  formatNs,
  formatPercent,
  formatRate,
} from '../../src/model/format.js';

describe('numbers for people', () => {
  it('chooses the unit and three significant digits', () => {
    assert.equal(formatBytes(0), '0 B');
    assert.equal(formatBytes(1536 * 1024 ** 2), '1.5 GB');
    assert.equal(formatBytes(60 * 1024 ** 3), '60 GB');
    assert.equal(formatNs(31_234_000), '31.2 ms');
    assert.equal(formatNs(0), '0 s');
    assert.equal(formatNs(2500), '2.5 µs');
    assert.equal(formatNs(59.96e9), '1 min');
    assert.equal(formatNs(322e9), '5 min 22 s');
    assert.equal(formatNs(7500e9), '2 h 5 min');
    assert.equal(formatNs(950), '950 ns');
    assert.equal(formatHz(2.8e9), '2.8 GHz');
    assert.equal(formatBitsPerSecond(1e9), '1 Gb/s');
    assert.equal(formatBitsPerSecond(1), '1 b/s');
    assert.equal(formatRate(399.7), '400 / s');
    assert.equal(formatPercent(12.5), '12.5 %');
    assert.equal(formatLps(2.4000000000000004), '2.4 LP');
    assert.equal(formatCount(2303397), '2,303,397');
  });
});
