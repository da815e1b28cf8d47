import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PhysicalDisk } from '../../../src/model/host-model.js';
import { Disk } from '../../../src/runtime/hardware/disk.js';
import { Timers } from '../../../src/runtime/timers.js';
import { CostLedger } from '../../../src/runtime/trace/cost-ledger.js';
import { host } from '../hosts.js';

const RAID: PhysicalDisk = { name: 'raid0', title: 'Disk', bytes: 1.2e12, medium: 'rotational' };

type Happening =
  | { kind: 'access'; write: boolean; bytes: number; position: number }
  | { kind: 'pass'; ns: number }
  | { kind: 'slow' | 'fail' | 'repair' | 'cut' };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    kind: fc.constant('access' as const),
    write: fc.boolean(),
    bytes: fc.integer({ min: 1, max: 256 }).map((sectors) => sectors * 512),
    position: fc.integer({ min: 0, max: 2e9 }).map((sector) => sector * 512),
  }),
  fc.record({ kind: fc.constant('pass' as const), ns: fc.integer({ min: 1, max: 2e7 }) }),
  fc.record({ kind: fc.constantFrom('slow' as const, 'fail' as const, 'repair' as const, 'cut' as const) }),
);

/** A disk alone, with the books of whoever uses it. */
function user(disk: Partial<PhysicalDisk>) {
  const timers = new Timers();
  const model = host();
  model.hypervisor.costsNs = { 'rotational-write-cache': 600_000 };
  const raid = new Disk(timers, { ...RAID, ...disk }, new CostLedger(model), 1, null);
  timers.seal();
  const books = { asked: 0, done: 0, failed: 0, writtenBytes: 0 };
  const sizes: number[] = [];
  const client = {
    diskDone: (tag: number) => {
      books.done++;
      books.writtenBytes += sizes[tag]!;
    },
    diskFailed: () => {
      books.failed++;
    },
  };
  const act = (what: Happening) => {
    if (what.kind === 'pass') {
      const untilNs = timers.nowNs + what.ns;
      while (timers.step(untilNs));
    } else if (what.kind === 'slow') raid.slowDown(10);
    else if (what.kind === 'fail') raid.fail();
    else if (what.kind === 'repair') raid.repair();
    else if (what.kind === 'cut') raid.losePower();
    else if (what.kind === 'access') {
      const { position, bytes, write } = what;
      books.asked++;
      raid.submit(position, bytes, write, client, sizes.push(write ? bytes : 0) - 1);
    }
  };
  const toTheEnd = () => {
    while (timers.step());
  };
  /** How long the disk takes for a read, with nothing else to do. */
  const readNs = (position: number, bytes: number) => {
    const beganNs = timers.nowNs;
    act({ kind: 'access', write: false, position, bytes });
    toTheEnd();
    return timers.nowNs - beganNs;
  };
  return { raid, books, act, toTheEnd, readNs };
}

const media = fc.constantFrom('rotational' as const, 'ssd' as const);

describe('a physical disk', () => {
  it('seeks by the root of the distance, waits half a revolution on average, and transfers', () => {
    // One spindle of 146 GB: 0.5 to 7 ms to seek, 6 ms a revolution, 80 MB/s (catalog, costs-devices.ts).
    const { readNs } = user({ bytes: 146e9 });
    const transferNs = (65_536 * 1e9) / 80e6;
    let waitedNs = 0;
    let before = 0;
    const reads = 2000;
    for (let i = 0; i < reads; i++) {
      const position = ((i * 48_271) % 146) * 1e9 + 512;
      const seekNs = before === position ? 0 : 0.5e6 + 6.5e6 * Math.sqrt(Math.abs(position - before) / 146e9);
      const restNs = readNs(position, 65_536) - seekNs - transferNs;
      assert.ok(restNs > -2 && restNs < 6e6 + 2, `${restNs} ns are no part of a revolution`);
      waitedNs += restNs;
      before = position;
    }
    // The standard error of a mean of uniform waits is 6 ms / sqrt(12 * 2000) = 39 us; four of them.
    assert.ok(Math.abs(waitedNs / reads - 3e6) < 155_000, `${waitedNs / reads}`);
  });

  it('transfers at once what begins where the last operation of its spindle ended, on one spindle and on several', () => {
    for (const spindles of [1, 8]) {
      const { readNs } = user({ bytes: spindles * 146e9 });
      // The first operations of each spindle find its head somewhere.
      const stripe = 65_536;
      for (let i = 0; i < spindles * 8; i++) readNs(i * 8192, 8192);
      for (let i = spindles * 8; i < spindles * 32; i++) assert.equal(readNs(i * 8192, 8192), (8192 * 1e9) / 80e6);
      assert.ok(readNs(spindles * 4 * stripe + 4096, 8192) > 0.5e6 + (8192 * 1e9) / 80e6, 'a gap is to be passed');
    }
  });

  it('answers or fails each request exactly once', () => {
    fc.assert(
      fc.property(media, fc.array(happening, { maxLength: 60 }), (medium, happenings) => {
        const { raid, books, act, toTheEnd } = user({ medium });
        for (const what of happenings) act(what);
        act({ kind: 'repair' });
        toTheEnd();
        assert.equal(raid.queueLength, 0);
        assert.equal(books.done + books.failed, books.asked);
        assert.equal(raid.failed, books.failed);
        assert.equal(raid.writtenBytes, books.writtenBytes);
      }),
    );
  });

  it('loses of a volatile cache exactly what was acknowledged and is not on the medium', () => {
    fc.assert(
      fc.property(media, fc.array(happening, { maxLength: 60 }), (medium, happenings) => {
        const { raid, books, act } = user({ medium, volatileCache: true });
        for (const what of happenings) if (what.kind !== 'cut') act(what);
        act({ kind: 'cut' });
        assert.ok(raid.lost.bytes <= books.writtenBytes);
        const { lost } = raid;
        act({ kind: 'cut' });
        assert.deepEqual(raid.lost, lost, 'what is lost is lost once');
      }),
    );
  });

  it('has nothing to lose when it had time to destage', () => {
    const { raid, act, toTheEnd } = user({ volatileCache: true });
    for (let i = 0; i < 20; i++) act({ kind: 'access', write: true, bytes: 4096, position: i * 1e9 });
    toTheEnd();
    act({ kind: 'cut' });
    assert.deepEqual(raid.lost, { writes: 0, bytes: 0 });
  });

  it('loses every write it answered when the power goes before the first is destaged', () => {
    const { raid, books, act } = user({ volatileCache: true });
    for (let i = 0; i < 20; i++) act({ kind: 'access', write: true, bytes: 4096, position: i * 1e9 });
    act({ kind: 'pass', ns: 150_000 });
    assert.equal(books.done, 20);
    act({ kind: 'cut' });
    assert.deepEqual(raid.lost, { writes: 20, bytes: 20 * 4096 });
  });
});
