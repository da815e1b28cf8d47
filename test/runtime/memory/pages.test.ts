import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PAGE_BYTES, SystemMemory } from '../../../src/runtime/hardware/system-memory.js';
import { Partition } from '../../../src/runtime/hypervisor/partition.js';
import { HvStatus } from '../../../src/runtime/hypervisor/tlfs/status.js';

const step = fc.record({ who: fc.nat(3), give: fc.boolean(), pages: fc.integer({ min: 1, max: 400 }) });

describe('pages that come and go', () => {
  it('are never in two partitions, and translate to where they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (nodes, steps) => {
        const memory = new SystemMemory(1000 * PAGE_BYTES, nodes);
        const partitions = [0, 1, 2, 3].map((i) => new Partition(`p${i}`, memory, i === 3 ? 0 : null));
        for (const partition of partitions) partition.initialize();
        for (const { who, give, pages } of steps) {
          const partition = partitions[who]!;
          const before = partition.space.pages;
          const status = give ? partition.mapGpaPages(pages) : partition.unmapGpaPages(pages);
          if (status === HvStatus.Success) assert.equal(partition.space.pages, before + (give ? pages : -pages));
          else assert.equal(partition.space.pages, before);
          if (!give && pages > before) assert.equal(status, HvStatus.InvalidParameter);
        }
        const owners = new Set<number>();
        let mapped = 0;
        for (const { space } of partitions) {
          mapped += space.pages;
          for (let page = 0; page < space.pages; page++) owners.add(space.translate(page));
          assert.equal(space.translate(space.pages), -1);
        }
        assert.equal(owners.size, mapped);
        assert.equal(mapped + memory.freePages, memory.totalPages);
        for (let node = 0; node < nodes; node++) {
          const local = [0, 1, 2].map((i) => 1 - partitions[i]!.remoteShare(node));
          for (const share of local) assert.ok(share >= 0 && share <= 1);
        }
      }),
    );
  });
});
