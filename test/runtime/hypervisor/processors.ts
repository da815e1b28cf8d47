import { ClassicScheduler } from '../../../src/runtime/hypervisor/classic-scheduler.js';
import { LogicalProcessors } from '../../../src/runtime/hypervisor/logical-processors.js';
import { Nodes } from '../../../src/runtime/hypervisor/nodes.js';
import type { RemoteMemoryCost } from '../../../src/runtime/hypervisor/remote-memory.js';
import type { ProcessorView, Scheduler } from '../../../src/runtime/hypervisor/scheduler.js';
import type { SmtCost } from '../../../src/runtime/hypervisor/smt.js';
import {
  type Guest,
  Suspension,
  VirtualProcessors,
  type VpShare,
} from '../../../src/runtime/hypervisor/virtual-processors.js';
import { type TimerOwner, Timers } from '../../../src/runtime/timers.js';

/** How a VP spends its time: it computes and sleeps in turns; a sleep of 0 never lets go. */
export interface Habit extends Partial<VpShare> {
  computeNs: number;
  sleepNs: number;
  pinned?: number;
  /** VPs of its partition, all of this habit; pinned ones are pinned one after the other. */
  vps?: number;
  /** The node all of its memory is on; only on a host of several. */
  home?: number;
}

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
  entitlements: { parts: 500, near: 0.8 },
};

export type Policy = (timers: Timers, vps: VirtualProcessors, processors: ProcessorView) => Scheduler;

const classic: Policy = (timers, vps, processors) => new ClassicScheduler(timers, vps, processors, SLICES);

/** Logical processors with partitions of given habits, and nothing else. */
export class Bench implements Guest, TimerOwner {
  readonly timers = new Timers();
  readonly vps: VirtualProcessors;
  readonly lps: LogicalProcessors;
  /** By VP. */
  readonly habits: Habit[];
  private readonly asleep: boolean[];
  private readonly slots: number[] = [];

  constructor(
    lpCount: number,
    partitions: readonly Habit[],
    policy = classic,
    smt: SmtCost | null = null,
    numa: Numa | null = null,
  ) {
    this.habits = partitions.flatMap((habit) => Array.from({ length: habit.vps ?? 1 }, () => habit));
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
    this.asleep = this.habits.map(() => true);
    partitions.forEach((habit, partition) => {
      const { reserve = 0, limit = 1, weight = 100, pinned = -1 } = habit;
      const first = this.vps.add(partition, habit.vps ?? 1, { reserve, limit, weight }, this);
      for (let vp = first; vp < this.vps.count; vp++) {
        this.vps.home[vp] = habit.home ?? -1;
        this.vps.pinned[vp] = pinned < 0 ? -1 : pinned + vp - first;
        this.slots.push(this.timers.add(this, vp));
      }
    });
    this.lps.use(policy(this.timers, this.vps, this.lps));
    this.timers.seal();
    this.habits.forEach((_, vp) => {
      this.lps.resume(vp, Suspension.Explicit);
    });
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

  next(vp: number, nowNs: number): number {
    const { computeNs, sleepNs } = this.habits[vp]!;
    this.asleep[vp] = !this.asleep[vp];
    if (!this.asleep[vp]) return computeNs;
    if (sleepNs === 0) {
      this.asleep[vp] = false;
      return computeNs;
    }
    this.timers.arm(this.slots[vp]!, nowNs + sleepNs);
    return 0;
  }

  interrupt(_vp: number, leftNs: number): number {
    return leftNs;
  }

  fire(vp: number): void {
    this.lps.wake(vp);
  }

  /** Runs until `ns`; `look` sees the processors after every moment. */
  runUntil(ns: number, look: () => void = () => {}): void {
    while (this.timers.nextNs() <= ns) {
      this.timers.step();
      look();
    }
    this.lps.account();
  }

  /** Share of one LP that each VP had since the start. */
  shares(): number[] {
    return this.habits.map((_, vp) => this.vps.runNs[vp]! / this.timers.nowNs);
  }
}
