import { ClassicScheduler } from '../../../src/runtime/hypervisor/classic-scheduler.js';
import { LogicalProcessors } from '../../../src/runtime/hypervisor/logical-processors.js';
import { Nodes } from '../../../src/runtime/hypervisor/nodes.js';
import type { RemoteMemoryCost } from '../../../src/runtime/hypervisor/remote-memory.js';
import type { ProcessorView, Scheduler } from '../../../src/runtime/hypervisor/scheduler.js';
import type { SmtCost } from '../../../src/runtime/hypervisor/smt.js';
import { VirtualProcessors } from '../../../src/runtime/hypervisor/virtual-processors.js';
import type { Timers } from '../../../src/runtime/timers.js';
import { type Habit, HabitualGuests } from './habitual-guests.js';

/** Several NUMA nodes, and how much longer a VP computes far from its memory. */
export interface Numa {
  nodes: number;
  slowdownPercent: number;
}

export const BUSY: Habit = { computeNs: 3_700_000, sleepNs: 0 };

export const SLICES = {
  sliceNs: 10e6,
  minimumSliceNs: 10e6,
  periodNs: 50e6,
  wakeBonusNs: 10e6,
  wakeGranularityNs: 1e6,
  remoteLeadNs: 20e6,
  memoryNs: 1e9,
  behindSlices: 2,
  entitlements: { parts: 500, near: 0.8 },
};

export type Policy = (timers: Timers, vps: VirtualProcessors, processors: ProcessorView) => Scheduler;

const classic: Policy = (timers, vps, processors) => new ClassicScheduler(timers, vps, processors, SLICES);

/** Logical processors with partitions of given habits, and nothing else. */
export class Bench extends HabitualGuests {
  readonly vps: VirtualProcessors;
  readonly lps: LogicalProcessors;

  constructor(
    lpCount: number,
    partitions: readonly Habit[],
    policy = classic,
    smt: SmtCost | null = null,
    numa: Numa | null = null,
  ) {
    super(partitions.flatMap((habit) => Array.from({ length: habit.vps ?? 1 }, () => habit)));
    this.vps = new VirtualProcessors(this.habits.length);
    this.lps = new LogicalProcessors(
      this.timers,
      this.vps,
      lpCount,
      { amount: 0, count: 0, totalNs: 0 },
      smt,
      null,
      this.farAway(lpCount, numa),
    );
    partitions.forEach((habit, partition) => {
      const { reserve = 0, limit = 1, weight = 100, pinned = -1 } = habit;
      const first = this.vps.add(partition, habit.vps ?? 1, { reserve, limit, weight }, this);
      for (let vp = first; vp < this.vps.count; vp++) {
        this.vps.home[vp] = habit.home ?? -1;
        this.vps.pinned[vp] = pinned < 0 ? -1 : pinned + vp - first;
      }
    });
    this.addTimers();
    this.lps.use(policy(this.timers, this.vps, this.lps));
    this.begin();
  }

  private farAway(lpCount: number, numa: Numa | null): RemoteMemoryCost | null {
    return (
      numa && {
        nodes: new Nodes(lpCount, numa.nodes),
        slowdownPercent: numa.slowdownPercent,
        remoteShare: (vp, node) => (this.vps.home[vp] === node ? 0 : 1),
        charge: (vp, ns) => {
          this.vps.remoteNs[vp] = this.vps.remoteNs[vp]! + ns;
        },
      }
    );
  }

  /** Share of one LP that each VP had since the start. */
  shares(): number[] {
    return this.habits.map((_, vp) => this.vps.runNs[vp]! / this.timers.nowNs);
  }
}
