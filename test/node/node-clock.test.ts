import assert from 'node:assert/strict';
import { nodeClock } from '../../src/node/node-clock.js';

describe('the clock of a thread', () => {
  it('tells what a processor spent on it within a millisecond, and not only at the ticks of the scheduler', function () {
    const { processorNs } = nodeClock();
    if (processorNs === undefined) {
      console.log(
        '    this system does not tell the processor time of a thread (/proc/thread-self/schedstat): not measured',
      );
      return this.skip();
    }
    for (let i = 0; i < 20; i++) {
      const before = processorNs() ?? 0;
      const until = performance.now() + 1;
      while (performance.now() < until);
      assert.ok((processorNs() ?? 0) > before);
    }
  });
});
