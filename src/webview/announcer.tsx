import { partitionsOf, STATE_WORDS, snapshotOf } from './partitions.js';
import { latest, run } from './store.js';

/** Says to a screen reader what sighted readers see change: the run, the host and its partitions, never the numbers. */
export function Announcer() {
  const { status, picture, message } = run.value;
  const partitions = picture ? partitionsOf(picture) : [];
  const states = partitions.map((partition) => {
    const state = snapshotOf(partition, latest.value)?.state;
    return state ? `${partition.name} ${STATE_WORDS[state]}` : '';
  });
  return (
    <div class="visually-hidden" aria-live="polite">
      {[`Run ${status}`, message, ...states].filter(Boolean).join(', ')}
    </div>
  );
}
