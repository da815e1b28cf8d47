import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PAGE_BYTES, type PageRange, SystemMemory } from '../../../src/runtime/hardware/system-memory.js';
import { AddressSpace } from '../../../src/runtime/hypervisor/address-space.js';

describe('system memory', () => {
  it('takes from one node when it fits, else from several', () => {
    const memory = new SystemMemory(100 * PAGE_BYTES, 2);
    assert.deepEqual(memory.allocate(40), [{ first: 0, count: 40 }]);
    assert.deepEqual(memory.allocate(45), [{ first: 50, count: 45 }]);
    assert.deepEqual(memory.allocate(12), [
      { first: 40, count: 10 },
      { first: 95, count: 2 },
    ]);
    assert.equal(memory.allocate(4), null);
    assert.equal(memory.freePages, 3);
  });

  it('never has a page in two partitions, loses none and translates every one', () => {
    const step = fc.record({ take: fc.boolean(), pages: fc.integer({ min: 1, max: 60 }), which: fc.nat(9) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (nodes, steps) => {
        const memory = new SystemMemory(200 * PAGE_BYTES, nodes);
        const spaces: AddressSpace[] = [];
        for (const { take, pages, which } of steps) {
          if (!take) {
            const [space] = spaces.splice(which % Math.max(1, spaces.length), 1);
            if (space) memory.release(space.clear());
            continue;
          }
          const ranges = memory.allocate(pages);
          if (!ranges) continue;
          const space = new AddressSpace();
          space.map(ranges);
          spaces.push(space);
        }
        const seen = new Set<number>();
        for (const space of spaces) {
          for (let page = 0; page < space.pages; page++) {
            const system = space.translate(page);
            assert.ok(system >= 0 && system < memory.totalPages && !seen.has(system));
            seen.add(system);
          }
          assert.equal(space.translate(space.pages), -1);
          assert.equal(space.translate(-1), -1);
          assert.equal(space.translate(Number.NaN), -1);
        }
        assert.equal(seen.size + memory.freePages, 200);
      }),
    );
  });

  it('refuses to take a page back twice', () => {
    const memory = new SystemMemory(10 * PAGE_BYTES, 1);
    const ranges = memory.allocate(4) as PageRange[];
    memory.release(ranges);
    assert.throws(() => memory.release(ranges), /released twice/);
  });
});
