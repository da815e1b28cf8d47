import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NearlySortedQueue } from '../../src/runtime/nearly-sorted-queue.js';

describe('nearly sorted queue', () => {
  /** Keys that rise with the steps, now and then by less than a neighbour's: some end in the ring, some in the heap. */
  const step = fc.record({ id: fc.nat(63), back: fc.oneof(fc.nat(4), fc.nat(60)), remove: fc.boolean() });

  it('always gives the smallest key, the earliest among equals', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new NearlySortedQueue(64);
        let model: { id: number; key: number }[] = [];
        for (const [turn, { id, back, remove }] of steps.entries()) {
          queue.remove(id);
          model = model.filter((entry) => entry.id !== id);
          if (!remove) {
            const key = Math.floor(turn / 3) - back;
            queue.add(id, key);
            model.push({ id, key });
          }
          const least = Math.min(...model.map((entry) => entry.key));
          assert.equal(queue.peek(), model.find((entry) => entry.key === least)?.id ?? -1);
          assert.equal(queue.size, model.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('goes round its ring for ever, gaps and all', () => {
    const queue = new NearlySortedQueue(4);
    for (let key = 0; key < 4; key++) queue.add(key, key);
    for (let key = 4; key < 400; key++) {
      // The second goes before the first, so that each leaves a gap.
      const first = queue.peek();
      const second = (first + 1) % 4;
      queue.remove(second);
      assert.equal(queue.peek(), first);
      queue.remove(first);
      queue.add(first, key);
      queue.add(second, key + 1);
      assert.equal(queue.size, 4);
    }
  });
});
