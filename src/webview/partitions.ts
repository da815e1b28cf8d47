import { PARENT_NAME } from '../model/devices.js';
import type { ChildKind } from '../model/host-model.js';
import type { HostPicture } from '../protocol/protocol.js';
import type { PartitionSnapshot, PartitionState, Snapshot } from '../protocol/snapshot.js';

/** One partition as the page names it everywhere. */
export interface Partition {
  /** The name that snapshots, events and device trees use. */
  name: string;
  role: 'parent' | 'child';
  operatingSystem: string;
  /** Null for the parent. */
  kind: ChildKind | null;
  /** How its line and its box are coloured everywhere: a colour of the style sheet, and dashes when colours run out. */
  color: string;
  dash: number[];
}

const COLORS = 6;
const DASHES: number[][] = [[], [6, 4], [2, 3], [10, 3, 2, 3], [4, 2, 1, 2, 1, 2]];

/** The parent first, then the children in the order of the file. */
export function partitionsOf(picture: HostPicture): Partition[] {
  const { parent, children } = picture.model;
  const first: Partition[] = parent
    ? [
        {
          name: PARENT_NAME,
          role: 'parent',
          operatingSystem: parent.operatingSystem,
          kind: null,
          color: '--series-parent',
          dash: [],
        },
      ]
    : [];
  return [
    ...first,
    ...children.map(
      (child, i): Partition => ({
        name: child.name,
        role: 'child',
        operatingSystem: child.operatingSystem,
        kind: child.kind,
        color: `--series-${i % COLORS}`,
        dash: DASHES[Math.floor(i / COLORS) % DASHES.length] ?? [],
      }),
    ),
  ];
}

export function snapshotOf(partition: Partition, snapshot: Snapshot | null): PartitionSnapshot | null {
  return snapshot?.partitions.find((p) => p.name === partition.name && p.role === partition.role) ?? null;
}

/** The child of a partition on the host where it lives now: its work goes on there. */
export function residentOf(partition: Partition, snapshot: Snapshot | null): PartitionSnapshot | null {
  const own = snapshotOf(partition, snapshot);
  if (own?.state !== 'moved') return own;
  const elsewhere = snapshot?.peers?.flatMap(({ partitions }) => partitions) ?? [];
  return elsewhere.find(({ name, role }) => name === partition.name && role === partition.role) ?? own;
}

export const STATE_WORDS: Record<PartitionState, string> = {
  off: 'off',
  waiting: 'waiting to start',
  starting: 'starting',
  running: 'running',
  paused: 'paused',
  saving: 'saving',
  saved: 'saved',
  restoring: 'restoring',
  migrating: 'migrating',
  moved: 'moved',
  stopping: 'stopping',
  stopped: 'stopped',
  refused: 'refused',
  failed: 'failed',
};

export const KIND_WORDS: Record<ChildKind, string> = {
  enlightened: 'enlightened',
  legacy: 'legacy',
  xen: 'Xen-enabled',
  machine: 'machine',
};
