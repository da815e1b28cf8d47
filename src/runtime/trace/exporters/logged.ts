import type { Snapshot } from '../../../protocol/snapshot.js';

/**
 * The snapshots that a counter log has: from the moment the host is up, for before there is nobody to log, and only
 * those that cover some time, for the last one may fall on the moment of the one before.
 */
export function logged(snapshots: readonly Snapshot[]): Snapshot[] {
  return snapshots.filter(({ phase, intervalNs }) => (phase === 'ready' || phase === 'down') && intervalNs > 0);
}
