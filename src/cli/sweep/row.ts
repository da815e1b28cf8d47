import type { HostModel } from '../../model/host-model.js';
import type { EngineEvent } from '../../protocol/protocol.js';
import type { RunResult } from '../../protocol/run-result.js';
import type { PartitionSnapshot, PartitionState } from '../../protocol/snapshot.js';

/** What one run of a sweep showed. Flat, so that it is the same in JSON and CSV. */
export interface Row {
  /** Fingerprint of everything but the varied values and the seed; rows of different sweeps do not mix. */
  sweep: string;
  /** What was varied and how: "child web weight" is "200". */
  settings: Record<string, string>;
  seed: number;
  /** Requests answered in a second, of all children or of the one that is measured. */
  throughputPerSecond: number;
  /** Of the slowest child, or of the one that is measured; null where no request was answered. */
  p95Ns: number | null;
  hostCpuPercent: number;
  /** Children that were not started. */
  refused: number;
  /** Children that still waited for their start when the time was over. */
  waiting: number;
  /** Null where nothing is expected. */
  met: boolean | null;
  /** Why the host or a child was refused, or what an expectation saw instead. */
  note: string;
  traceHash: string;
}

export type RunEnd = Extract<EngineEvent, { type: 'refused' | 'finished' }>;

/**
 * The figures of a run of a model. `child` is the one to measure; null measures all of them together. With a host that is
 * refused all its children are.
 */
export function rowOf(
  identity: Pick<Row, 'sweep' | 'settings' | 'seed'>,
  end: RunEnd,
  model: HostModel,
  child: string | null,
): Row {
  if (end.type === 'refused') {
    const nothing = { throughputPerSecond: 0, p95Ns: null, hostCpuPercent: 0, waiting: 0, traceHash: '' };
    const note = `${end.reason.code}: ${end.reason.message}`;
    return { ...identity, ...nothing, refused: model.children.length, met: false, note };
  }
  const { total, expectations, traceHash } = end.result;
  const works = total.partitions
    .filter(({ name, role }) => role === 'child' && (child === null || name === child))
    .flatMap(({ work }) => work ?? []);
  const p95s = works.flatMap(({ latencyNs }) => latencyNs?.p95 ?? []);
  return {
    ...identity,
    throughputPerSecond: works.reduce((sum, work) => sum + work.throughputPerSecond, 0),
    p95Ns: p95s.length === 0 ? null : Math.max(...p95s),
    hostCpuPercent: mean(total.logicalProcessors.map(({ busyPercent }) => busyPercent)),
    refused: count(total.partitions, 'refused'),
    waiting: count(total.partitions, 'waiting', 'starting'),
    met: expectations.length === 0 ? null : expectations.every(({ met }) => met),
    note: noteOf(end.result),
    traceHash,
  };
}

function count(partitions: readonly PartitionSnapshot[], ...states: PartitionState[]): number {
  return partitions.filter(({ state }) => states.includes(state)).length;
}

function noteOf({ total: { partitions }, expectations }: RunResult): string {
  const waiting = count(partitions, 'waiting', 'starting');
  const failed = expectations.find(({ met }) => !met);
  return [
    partitions.find(({ state }) => state === 'refused')?.reason,
    waiting > 0 && `${waiting} children were not started yet when the time was over; --for gives them more`,
    failed && `${failed.text}: ${failed.seen}`,
  ]
    .filter(Boolean)
    .join('; ');
}

function mean(values: number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
