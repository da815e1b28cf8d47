import assert from 'node:assert/strict';
import fc from 'fast-check';
import { IndexedHeap } from '../../src/runtime/indexed-heap.js';

describe('indexed heap', () => {
  it('always gives the smallest key, the earliest among equals', () => {
    const step = fc.record({ id: fc.nat(15), key: fc.nat(6), remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = new IndexedHeap(16);
        let model: { id: number; key: number }[] = [];
        for (const { id, key, remove } of steps) {
          model = model.filter((entry) => entry.id !== id);
          if (remove) heap.remove(id);
          else {
            heap.set(id, key);
            model.push({ id, key });
          }
          const least = Math.min(...model.map((entry) => entry.key));
          const expected = model.find((entry) => entry.key === least)?.id ?? -1;
          assert.equal(heap.peek(), expected);
          assert.equal(heap.size, model.length);
        }
      }),
    );
  });
});
