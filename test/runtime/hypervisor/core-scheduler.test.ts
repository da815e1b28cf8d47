import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CoreScheduler } from '../../../src/runtime/hypervisor/core-scheduler.js';
import type { SmtCost } from '../../../src/runtime/hypervisor/smt.js';
import { VpState } from '../../../src/runtime/hypervisor/virtual-processors.js';
import type { Habit } from './habitual-guests.js';
import { Bench, BUSY, type Policy, SLICES } from './processors.js';

const core =
  (guestThreadsPerCore = 2, threadsPerCore = 2): Policy =>
  (timers, vps, processors) =>
    new CoreScheduler(timers, vps, processors, { ...SLICES, threadsPerCore, guestThreadsPerCore });

function sharesOf(lpCount: number, partitions: Habit[], policy = core()): number[] {
  const bench = new Bench(lpCount, partitions, policy);
  bench.runUntil(20e9);
  return bench.shares();
}

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);
}

describe('core scheduler', () => {
  it('runs sibling VPs together on the threads of one core', () => {
    const bench = new Bench(
      4,
      [
        { ...BUSY, vps: 2 },
        { ...BUSY, vps: 2 },
        { ...BUSY, vps: 2 },
      ],
      core(),
    );
    bench.runUntil(6e9);
    for (const share of bench.shares()) assertNear(share, 2 / 3, 0.01);
  });

  it('gives a machine without SMT the whole core, so that capacity halves where processors are over-subscribed', () => {
    const eight = Array.from({ length: 8 }, () => BUSY);
    for (const share of sharesOf(8, eight)) assertNear(share, 0.5, 0.01);
    const four = eight.slice(0, 4);
    for (const share of sharesOf(8, four)) assertNear(share, 1, 0.001);
    const inPairs = Array.from({ length: 4 }, () => ({ ...BUSY, vps: 2 }));
    for (const share of sharesOf(8, inPairs)) assertNear(share, 1, 0.001);
    for (const share of sharesOf(8, inPairs, core(1))) assertNear(share, 0.5, 0.01);
  });

  it('shares cores by weight', () => {
    const shares = sharesOf(
      2,
      [100, 200, 700].map((weight) => ({ ...BUSY, weight, vps: 2 })),
    );
    [0.1, 0.1, 0.2, 0.2, 0.7, 0.7].forEach((expected, vp) => {
      assertNear(shares[vp]!, expected, 0.01);
    });
  });

  it('keeps limits to the nanosecond and lends what they leave', () => {
    const bench = new Bench(2, [{ ...BUSY, vps: 2, limit: 0.25 }, BUSY], core());
    bench.runUntil(10e9);
    assert.equal(bench.vps.runNs[0], 2.5e9);
    assert.equal(bench.vps.runNs[1], 2.5e9);
    assertNear(bench.shares()[2]!, 0.75, 0.001);
  });

  it('keeps a reserve against the heaviest competition', () => {
    const rivals = Array.from({ length: 6 }, () => ({ ...BUSY, weight: 10_000, vps: 2 }));
    const shares = sharesOf(2, [{ ...BUSY, reserve: 0.3, weight: 1, vps: 2 }, ...rivals]);
    assertNear(shares[0]!, 0.3, 0.005);
    assertNear(shares[1]!, 0.3, 0.005);
  });

  it('does not hand a core back and forth between virtual cores that want different threads of it', () => {
    const alternating = { computeNs: 1e6, sleepNs: 1e6, vps: 2 };
    const bench = new Bench(2, [alternating, alternating, { ...alternating, pinned: 0 }], core());
    bench.runUntil(2e9);
    assert.ok(bench.lps.dispatches < 20_000, `${bench.lps.dispatches} dispatches in two seconds`);
  });

  it('never runs two partitions on one core, idles no core that somebody wants, and obeys limits', () => {
    const habit = fc.record({
      computeNs: fc.integer({ min: 300_000, max: 40_000_000 }),
      sleepNs: fc.oneof(fc.constant(0), fc.integer({ min: 300_000, max: 60_000_000 })),
      weight: fc.integer({ min: 1, max: 10_000 }),
      limit: fc.oneof(
        fc.constant(1),
        fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100),
      ),
      vps: fc.integer({ min: 1, max: 4 }),
      reserved: fc.boolean(),
    });
    const world = fc.record({
      cores: fc.integer({ min: 1, max: 4 }),
      threads: fc.integer({ min: 2, max: 3 }),
      smtGuests: fc.boolean(),
      root: fc.boolean(),
      partitions: fc.array(habit, { minLength: 1, maxLength: 7 }),
    });
    fc.assert(
      fc.property(world, ({ cores, threads, smtGuests, root, partitions }) => {
        const all: Habit[] = partitions.map((each) => ({ ...each, reserve: each.reserved ? each.limit * 0.2 : 0 }));
        if (root) all.unshift({ computeNs: 2e6, sleepNs: 5e6, pinned: 0, vps: cores * threads });
        const smt: SmtCost = { threadsPerCore: threads, throughputPercent: 125, contention: { chargeNs: (ns) => ns } };
        const bench = new Bench(cores * threads, all, core(smtGuests ? threads : 1, threads), smt);
        const { vps, lps } = bench;
        bench.runUntil(1e9, () => {
          let idleCores = 0;
          for (let first = 0; first < lps.lpCount; first += threads) {
            const running = [...lps.running.subarray(first, first + threads)].filter((vp) => vp >= 0);
            if (running.length === 0) idleCores++;
            assert.ok(new Set(running.map((vp) => vps.partition[vp])).size <= 1, 'a core is shared by two partitions');
            assert.equal(new Set(running).size, running.length, 'a VP runs twice');
            if (!smtGuests && !running.some((vp) => vps.pinned[vp]! >= 0)) assert.ok(running.length <= 1);
          }
          for (let vp = 0; vp < vps.count; vp++) {
            if (vps.pinned[vp]! >= 0) assert.ok(vps.lp[vp]! < 0 || vps.lp[vp] === vps.pinned[vp]);
            else if (vps.state[vp] === VpState.Ready) assert.equal(idleCores, 0, 'a core idles while a VP is ready');
          }
        });
        bench.habits.forEach(({ limit = 1 }, vp) => {
          const { runNs, readyNs, waitingNs, suspendedNs } = vps;
          assert.equal(runNs[vp]! + readyNs[vp]! + waitingNs[vp]! + suspendedNs[vp]!, bench.timers.nowNs);
          const periods = 50e6 / bench.timers.nowNs;
          assert.ok(bench.shares()[vp]! <= limit * (1 + periods) + 1e-9, 'a limit was exceeded');
        });
      }),
      { numRuns: 150 },
    );
  });
});

describe('SMT', () => {
  const contended: Habit[] = [BUSY, BUSY];
  const smt = (throughputPercent: number) => {
    let lostNs = 0;
    const contention = {
      chargeNs: (ns: number) => {
        lostNs += ns;
        return ns;
      },
    };
    const bench = new Bench(2, contended, undefined, { threadsPerCore: 2, throughputPercent, contention });
    bench.runUntil(10e9);
    return lostNs / (bench.vps.runNs[0]! + bench.vps.runNs[1]!);
  };

  it('makes two busy siblings do what the table says a core does then', () => {
    assertNear(1 - smt(125), 1.25 / 2, 1e-6);
    assertNear(1 - smt(100), 0.5, 1e-6);
    assert.equal(smt(200), 0);
  });

  it('is avoided while there is an idle core', () => {
    const contention = { chargeNs: () => assert.fail('two VPs share a core while others idle') };
    const apart = new Bench(8, [BUSY, { computeNs: 2e6, sleepNs: 3e6 }, BUSY], undefined, {
      threadsPerCore: 2,
      throughputPercent: 125,
      contention,
    });
    apart.runUntil(1e9);
  });

  it('costs a thread nothing while its sibling idles', () => {
    let lostNs = 0;
    const contention = { chargeNs: (ns: number) => (lostNs += ns) };
    const alternate: Habit[] = [{ computeNs: 1e6, sleepNs: 9e6, pinned: 0, vps: 2 }];
    const bench = new Bench(4, alternate, undefined, { threadsPerCore: 2, throughputPercent: 125, contention });
    bench.runUntil(1e9);
    assert.ok(lostNs > 0, 'they start together');
    const apart = new Bench(
      4,
      [
        { ...BUSY, pinned: 0 },
        { ...BUSY, pinned: 2 },
      ],
      undefined,
      {
        threadsPerCore: 2,
        throughputPercent: 125,
        contention: { chargeNs: () => assert.fail('threads of different cores do not contend') },
      },
    );
    apart.runUntil(1e9);
  });
});
