import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ClassicScheduler } from '../../../src/runtime/hypervisor/classic-scheduler.js';
import { CoreScheduler } from '../../../src/runtime/hypervisor/core-scheduler.js';
import { homeNodes, Nodes } from '../../../src/runtime/hypervisor/nodes.js';
import { VpState } from '../../../src/runtime/hypervisor/virtual-processors.js';
import type { Habit } from './habitual-guests.js';
import { Bench, BUSY, type Policy, SLICES } from './processors.js';
import { waterFilling } from './water-filling.js';

const POLICIES: Record<string, Policy> = {
  classic: (timers, vps, processors) => new ClassicScheduler(timers, vps, processors, SLICES),
  core: (timers, vps, processors) =>
    new CoreScheduler(timers, vps, processors, { ...SLICES, threadsPerCore: 1, guestThreadsPerCore: 1 }),
};

const TWO_NODES = { nodes: 2, slowdownPercent: 50 };
const atHome = (home: number, habit: Habit = BUSY): Habit => ({ ...habit, home });

describe('NUMA nodes of LPs', () => {
  it('are cut in order, and VPs are at home as the pages of their partition lie', () => {
    const nodes = new Nodes(6, 3);
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((lp) => nodes.of(lp)),
      [0, 0, 1, 1, 2, 2],
    );
    assert.deepEqual([nodes.firstOf(1), nodes.endOf(1), nodes.endOf(2)], [2, 4, 6]);
    assert.deepEqual(homeNodes(4, [100, 100]), [0, 0, 1, 1]);
    assert.deepEqual(homeNodes(4, [10, 90]), [1, 1, 1, 1]);
    assert.deepEqual(homeNodes(1, [50, 50]), [0]);
    assert.deepEqual(homeNodes(2, [0, 0]), []);
  });

  it('may be memory alone', () => {
    const nodes = new Nodes(3, 5);
    const lpsOf = (node: number) => [0, 1, 2].slice(nodes.firstOf(node), nodes.endOf(node));
    assert.deepEqual([0, 1, 2, 3, 4].map(lpsOf), [[0], [1], [], [2], []]);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((node) => nodes.hasLps(node)),
      [true, true, false, true, false],
    );
  });
});

for (const [name, policy] of Object.entries(POLICIES)) {
  describe(`scheduling on NUMA nodes (${name})`, () => {
    it('runs a VP slower far from its memory, by the cost of that and by nothing else', () => {
      const bench = new Bench(2, [{ ...BUSY, home: 0, pinned: 1 }, atHome(0)], policy, null, TWO_NODES);
      bench.runUntil(3e9);
      assert.ok(Math.abs(bench.vps.remoteNs[0]! / bench.vps.runNs[0]! - 1 / 3) < 1e-6);
      assert.equal(bench.vps.remoteNs[1], 0);
    });

    it('keeps VPs at home where there is room', () => {
      const sleeper = { computeNs: 2e6, sleepNs: 5e6 };
      const bench = new Bench(4, [atHome(1), atHome(0), atHome(0), atHome(1, sleeper)], policy, null, TWO_NODES);
      bench.runUntil(5e9);
      for (const ns of bench.vps.remoteNs) assert.equal(ns, 0);
      assert.ok(Math.abs(bench.shares()[0]! - 1) < 1e-6);
    });

    it('shares processors of all nodes by weight, wherever the memory lies', () => {
      const crowded = Array.from({ length: 6 }, () => atHome(0));
      const bench = new Bench(4, [...crowded, atHome(1), atHome(1)], policy, null, TWO_NODES);
      bench.runUntil(20e9);
      for (const share of bench.shares()) assert.ok(Math.abs(share - 0.5) < 0.01, `${bench.shares()}`);
      assert.equal(bench.vps.remoteNs[6], 0, 'nobody who may stay at home is sent away');
    });

    it('comes to the max-min allocation of weights, idles no LP that somebody wants, and calls VPs back', () => {
      const habit = fc.record({
        computeNs: fc.integer({ min: 300_000, max: 40_000_000 }),
        sleepNs: fc.oneof(fc.constant(0), fc.integer({ min: 300_000, max: 60_000_000 })),
        weight: fc.integer({ min: 1, max: 10_000 }),
        reserve: fc.constantFrom(0, 0, 0.05),
        limit: fc.constantFrom(1, 1, 0.5),
        home: fc.integer({ min: 0, max: 2 }),
      });
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 2 }),
          fc.array(habit, { minLength: 1, maxLength: 9 }),
          (lpsOfNode, habits) => {
            const nodes = new Nodes(3 * lpsOfNode, 3);
            const bench = new Bench(3 * lpsOfNode, habits, policy, null, { nodes: 3, slowdownPercent: 8 });
            const { vps, lps } = bench;
            bench.runUntil(1e9, () => {
              if (bench.timers.nextNs() === bench.timers.nowNs) return;
              const idleOn = [0, 0, 0];
              lps.running.forEach((vp, lp) => {
                if (vp < 0) idleOn[nodes.of(lp)]!++;
              });
              const idle = idleOn.some((count) => count > 0);
              for (let vp = 0; vp < vps.count; vp++) {
                if (vps.state[vp] === VpState.Ready) assert.ok(!idle, 'an LP idles while a VP is ready');
                if (vps.state[vp] !== VpState.Running || nodes.of(vps.lp[vp]!) === vps.home[vp]) continue;
                assert.equal(idleOn[vps.home[vp]!], 0, 'a VP is far from its memory while an LP at home idles');
              }
            });
            for (let vp = 0; vp < vps.count; vp++) {
              const { runNs, readyNs, waitingNs, suspendedNs } = vps;
              assert.equal(runNs[vp]! + readyNs[vp]! + waitingNs[vp]! + suspendedNs[vp]!, bench.timers.nowNs);
            }
          },
        ),
        { numRuns: 100 },
      );
      fc.assert(
        fc.property(
          fc.array(fc.record({ weight: fc.integer({ min: 1, max: 10_000 }), home: fc.nat(1) }), {
            minLength: 1,
            maxLength: 8,
          }),
          (claims) => {
            const bench = new Bench(
              4,
              claims.map((each): Habit => ({ ...BUSY, ...each })),
              policy,
              null,
              TWO_NODES,
            );
            bench.runUntil(20e9);
            const expected = waterFilling(
              claims.map(({ weight }) => ({ weight, reserve: 0, limit: 1 })),
              4,
            );
            bench.shares().forEach((share, vp) => {
              assert.ok(Math.abs(share - expected[vp]!) < 0.01, `${vp}: ${share}, expected ${expected[vp]}`);
            });
          },
        ),
        { numRuns: 30 },
      );
    });
  });
}
