import type { HostModel } from '../../model/host-model.js';
import type { RunResult } from '../../protocol/run-result.js';
import type { Snapshot, WorkSnapshot } from '../../protocol/snapshot.js';
import { type GroupShare, groupCosts } from './cost-groups.js';
import { hypervisorLabel } from './variants.js';

/** What one hypervisor made of the work. */
export interface Measurement {
  hypervisor: string;
  /** Why it did not run at all; everything below is empty then. */
  refused: string | null;
  /** Percent of all logical processors once every child was up; null when that never happened. */
  hostCpuPercent: number | null;
  /** The same for the privileged domain; null where there is none. */
  parentCpuPercent: number | null;
  memoryBytes: number;
  children: { name: string; work: WorkSnapshot | null; reason?: string }[];
  /** Requests answered once every child was up. */
  completed: number;
  /** CPU time of the same time, by group of cost rows: starting a guest is no cost of a request. */
  costs: GroupShare[];
  /** What does not exist here, or stands for something else. */
  notes: string[];
  traceHash: string | null;
}

export function measure(model: HostModel, snapshots: readonly Snapshot[], result: RunResult): Measurement {
  const children = result.total.partitions.filter(({ role }) => role === 'child');
  const settled = afterStart(snapshots);
  const { parentBytes, childrenBytes } = snapshots.at(-1)?.memory ?? result.total.memory;
  return {
    hypervisor: hypervisorLabel(model.hypervisor),
    refused: null,
    hostCpuPercent: mean(settled, hostCpu),
    parentCpuPercent: mean(
      settled,
      (snapshot) => snapshot.partitions.find(({ role }) => role === 'parent')?.cpuPercent,
    ),
    memoryBytes: parentBytes + childrenBytes,
    children: children.map(({ name, work, reason }) => ({ name, work, reason })),
    completed: result.steady?.completed ?? 0,
    costs: groupCosts(result.steady?.costs ?? []),
    notes: result.notes,
    traceHash: result.traceHash,
  };
}

export function refusedMeasurement(model: HostModel, why: string): Measurement {
  return {
    hypervisor: hypervisorLabel(model.hypervisor),
    refused: why,
    hostCpuPercent: null,
    parentCpuPercent: null,
    memoryBytes: 0,
    children: [],
    completed: 0,
    costs: groupCosts([]),
    notes: [],
    traceHash: null,
  };
}

/** The snapshots whose whole interval every child was up in. */
function afterStart(snapshots: readonly Snapshot[]): readonly Snapshot[] {
  const starting = (snapshot: Snapshot) =>
    snapshot.phase !== 'ready' || snapshot.partitions.some(({ state }) => state === 'waiting' || state === 'starting');
  const last = snapshots.findLastIndex(starting);
  return snapshots.slice(last + 2);
}

function hostCpu({ logicalProcessors }: Snapshot): number {
  return logicalProcessors.reduce((sum, { busyPercent }) => sum + busyPercent, 0) / logicalProcessors.length;
}

/** Over virtual time; null where there is nothing to take it of. */
function mean(snapshots: readonly Snapshot[], value: (snapshot: Snapshot) => number | undefined): number | null {
  let sum = 0;
  let ns = 0;
  for (const snapshot of snapshots) {
    const seen = value(snapshot);
    if (seen === undefined) return null;
    sum += seen * snapshot.intervalNs;
    ns += snapshot.intervalNs;
  }
  return ns > 0 ? sum / ns : null;
}
