import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withCopies } from '../../src/cli/sweep/copies.js';
import { diskShortages } from '../../src/cli/sweep/disk-space.js';
import { parseExpectation } from '../../src/cli/sweep/expectation.js';
import { findMost } from '../../src/cli/sweep/most.js';
import { cathedral } from '../runtime/hosts.js';

describe('the search for the most copies', () => {
  it('finds the largest good number, with few probes and none of them twice', async () => {
    const property = fc.asyncProperty(fc.integer({ min: 1, max: 2000 }), fc.nat(2000), async (limit, truth) => {
      const probed: number[] = [];
      const most = await findMost(limit, async (count) => {
        probed.push(count);
        return { good: count <= truth };
      });
      assert.equal(most, Math.min(truth, limit));
      assert.equal(new Set(probed).size, probed.length);
      assert.ok(probed.every((count) => count >= 1 && count <= limit));
      assert.ok(probed.length <= 2 * Math.ceil(Math.log2(Math.min(truth, limit) + 2)) + 1);
    });
    await fc.assert(property);
  });

  it('stops where a probe is stopped', async () => {
    assert.equal(await findMost(100, async (count) => (count < 4 ? { good: true } : null)), null);
  });
});

describe('the disks of copies', () => {
  it('are said where a real host could not hold them', () => {
    const { model } = withCopies(cathedral(), 'web', 2, null, []);
    assert.deepEqual(diskShortages(model), []);
    model.hardware.disks[0]!.bytes = 500 * 1024 ** 3;
    assert.match(diskShortages(model)[0] ?? '', /fixed disks take 5\d\d GB, but 'raid0' has 500 GB/);
  });
});

describe('a host of copies', () => {
  const expectation = parseExpectation('latency p95 < 40 ms');

  it('has the child itself and copies behind it, with disks of their own', () => {
    const { model } = withCopies(cathedral(), 'web', 3, null, []);
    assert.deepEqual(
      model.children.map(({ name }) => name),
      ['web', 'web-2', 'web-3', 'payroll', 'mail'],
    );
    const files = model.children.flatMap(({ disks }) => disks.map(({ file }) => file));
    assert.equal(new Set(files).size, files.length);
  });

  it('takes no name that is taken', () => {
    const host = cathedral();
    host.children[1]!.name = 'web-2';
    const names = withCopies(host, 'web', 3, null, []).model.children.map(({ name }) => name);
    assert.equal(new Set(names).size, 5);
  });

  it('holds every copy to what is expected', () => {
    const { model, scenario } = withCopies(cathedral(), 'web', 2, null, [expectation]);
    const [played] = model.scenarios;
    assert.equal(played?.name, scenario);
    assert.deepEqual(
      played?.expectations.map(({ text }) => text),
      ['web latency p95 < 40 ms', 'web-2 latency p95 < 40 ms'],
    );
    assert.equal(played?.steps.length, 4);
  });

  it('does to every copy what the scenario does to the child', () => {
    const rate = { kind: 'rate', child: 'web', requestsPerSecond: 600 } as const;
    const fail = { kind: 'life', verb: 'fail', target: { kind: 'parent' } } as const;
    const host = {
      ...cathedral(),
      scenarios: [
        {
          name: 'Rush',
          steps: [rate, fail].map((action) => ({ atNs: 1e9, action })),
          expectations: [expectation('web')],
        },
      ],
    };
    const [two] = withCopies(host, 'web', 2, 'Rush', []).model.scenarios;
    assert.deepEqual(
      two?.steps.map(({ action }) => ('child' in action ? action.child : 'verb' in action && action.verb)),
      ['web', 'web-2', 'fail'],
    );
    assert.equal(two?.expectations.length, 2);
    const [none] = withCopies(host, 'web', 0, 'Rush', [expectation]).model.scenarios;
    assert.equal(none?.steps.length, 1);
    assert.equal(none?.expectations.length, 0);
  });

  it('starts by itself only who would start by itself, each after its delay', () => {
    const host = cathedral();
    host.children[0]!.start = { action: 'always', delayNs: 30e9 };
    host.children[1]!.start = { action: 'never', delayNs: 0 };
    const [start] = withCopies(host, 'mail', 1, null, []).model.scenarios;
    assert.deepEqual(
      start?.steps.map(({ atNs }) => atNs),
      [0, 30e9],
    );
  });
});
