import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ProcessorShare, type ProcessorUse } from '../../../src/runtime/child/machine/processor-share.js';

const MS = 1e6;
const SIZE = { runNs: 25 * MS, longestWaitNs: 200 * MS };

/** A processor that always wants to run, in slices of so long; what it got of 20 seconds. */
function greedy(share: ProcessorShare, sliceNs: number, lateNs: number, from = 0): number {
  const end = from + 20e9;
  let now = from;
  let ran = 0;
  while (now < end) {
    const wait = share.waitNs(now);
    if (wait > 0) now += Math.max(MS, wait) + lateNs;
    else {
      share.ran(now, now + sliceNs);
      now += sliceNs;
      ran += sliceNs;
    }
  }
  return ran / (now - from);
}

describe('the share of an executed processor', () => {
  it('is the limit, whatever a slice takes and however late the host wakes it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 95 }),
        fc.double({ min: 0.2 * MS, max: 3 * MS, noNaN: true }),
        fc.double({ min: 0, max: 2 * MS, noNaN: true }),
        (percent, slice, late) => {
          const got = greedy(new ProcessorShare(percent / 100, SIZE, () => {}), slice, late);
          assert.ok(Math.abs(got - percent / 100) <= 0.05 * (percent / 100), `${got} instead of ${percent} %`);
        },
      ),
    );
  });

  it('is what a processor spent on it, however much else the computer does meanwhile', () => {
    const share = new ProcessorShare(0.25, SIZE, () => {});
    let now = 0;
    let spent = 0;
    while (now < 20e9) {
      const wait = share.waitNs(now);
      if (wait > 0) now += wait;
      else {
        share.ran(now, now + 2 * MS, MS);
        now += 2 * MS;
        spent += MS;
      }
    }
    assert.ok(Math.abs(spent / now - 0.25) <= 0.0125, `${spent / now}`);
  });

  it('comes in whole budgets: few runs, each long enough to get something done', () => {
    const share = new ProcessorShare(0.2, SIZE, () => {});
    let now = 0;
    const runs: number[] = [];
    while (now < 2e9) {
      const wait = share.waitNs(now);
      if (wait > 0) {
        now += wait;
        runs.push(0);
      } else {
        share.ran(now, now + MS);
        now += MS;
        if (runs.length > 0) runs[runs.length - 1]! += MS;
      }
    }
    assert.ok(
      runs.slice(0, -1).every((ran) => ran >= SIZE.runNs),
      runs.join(),
    );
  });

  it('comes soon where it is small: in shorter runs', () => {
    const share = new ProcessorShare(0.01, SIZE, () => {});
    let longest = 0;
    for (let now = 0; now < 20e9; ) {
      const wait = share.waitNs(now);
      longest = Math.max(longest, wait);
      if (wait === 0) share.ran(now, now + MS);
      now += wait || MS;
    }
    assert.ok(longest > 0 && longest <= SIZE.longestWaitNs + MS / 0.01, `${longest}`);
  });

  it('is all of it without a limit', () => {
    assert.equal(greedy(new ProcessorShare(1, SIZE, () => {}), MS, 2 * MS), 1);
  });

  it('follows what the host grants, and never exceeds its own limit', () => {
    const share = new ProcessorShare(0.5, SIZE, () => {});
    share.grant(0.1);
    assert.ok(Math.abs(greedy(share, MS, 0) - 0.1) < 0.01);
    share.grant(1);
    assert.ok(Math.abs(greedy(share, MS, 0, 20e9) - 0.5) < 0.01);
  });

  it('lets a processor that slept catch up with no more than one budget', () => {
    const share = new ProcessorShare(0.2, SIZE, () => {});
    share.waitNs(0);
    assert.equal(share.waitNs(3600e9), 0);
    share.ran(3600e9, 3600e9 + 1.5 * SIZE.runNs);
    assert.ok(share.waitNs(3600e9 + 1.5 * SIZE.runNs) > 0);
  });

  it('tells what it used, and what it would have', () => {
    const told: ProcessorUse[] = [];
    greedy(new ProcessorShare(0.25, SIZE, (use) => told.push(use)), MS, 0);
    const last = told.at(-1)!;
    assert.ok(Math.abs(last.used - 0.25) < 0.03, `${last.used}`);
    assert.ok(last.demand > 0.95, `${last.demand}`);
  });
});
