import assert from 'node:assert/strict';
import { describeLeftOut, type LeftOut, limitedEvents } from '../../src/machine-host/event-limit.js';

describe('what is told of a guest', () => {
  it('is at most 100 events a second, with how many were left out', () => {
    let nowNs = 0;
    const told: ({ type: 'noise'; at: number } | LeftOut)[] = [];
    const tell = limitedEvents<{ type: 'noise'; at: number }>(
      (event) => told.push(event),
      () => nowNs,
    );
    for (let at = 0; at < 5000; at++) tell({ type: 'noise', at });
    assert.equal(told.length, 100);
    nowNs = 1e9;
    tell({ type: 'noise', at: 5000 });
    assert.deepEqual(told.slice(100), [
      { type: 'events left out', count: 4900 },
      { type: 'noise', at: 5000 },
    ]);
    assert.equal(
      describeLeftOut({ type: 'events left out', count: 4900 }),
      '4900 more such messages within a second are left out',
    );
  });
});
