import assert from 'node:assert/strict';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatPercent,
  formatTick,
  formatTime,
} from '../../src/webview/format.js';
import { timeTicks } from '../../src/webview/time-steps.js';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('numbers on the page', () => {
  it('says times with three digits and their unit', () => {
    const cases: [number, string][] = [
      [0, '0 s'],
      [999, '999 ns'],
      [1500, '1.5 µs'],
      [12_345_678, '12.3 ms'],
      [59.9e9, '59.9 s'],
      [83e9, '1 min 23 s'],
      [3_725e9, '1 h 2 min'],
    ];
    for (const [ns, text] of cases) assert.equal(plain(formatTime(ns)), text);
  });

  it('says bytes in powers of 1024', () => {
    assert.deepEqual([0, 1023, 1024, 1.5 * 1024 ** 3].map(formatBytes).map(plain), ['0 B', '1023 B', '1 KB', '1.5 GB']);
  });

  it('says counts, percentages and clocks', () => {
    assert.equal(plain(formatCount(1234)), '1.23 k');
    assert.deepEqual([0, 0.25, 9.96, 42.4].map(formatPercent).map(plain), ['0 %', '0.3 %', '10 %', '42 %']);
    assert.equal(formatClock(83.46e9), '1:23.4');
    assert.deepEqual([30e9, 80e9].map(formatTick).map(plain), ['30 s', '1:20']);
  });

  it('ticks at round moments inside the span', () => {
    assert.deepEqual(
      timeTicks(0, 421e9, 7).map((ns) => ns / 1e9),
      [0, 120, 240, 360],
    );
    assert.deepEqual(
      timeTicks(3e9, 10e9, 7).map((ns) => ns / 1e9),
      [3, 4, 5, 6, 7, 8, 9, 10],
    );
  });
});
