import { partitionsOf, STATE_WORDS, snapshotOf } from './partitions.js';
import { latest, run } from './store.js';

/** Says to a screen reader what sighted readers see change: the run, the host and its partitions, never the numbers. */
export function Announcer() {
  const { status, picture, message } = run.value;
  const partitions = picture ? partitionsOf(picture) : [];
  return (
    // One line each: only the line that changes is read out.
    <div class="visually-hidden" aria-live="polite">
      <p>
        Run {status} {message}
      </p>
      {partitions.map((partition) => {
        const state = snapshotOf(partition, latest.value)?.state ?? 'off';
        return (
          <p key={partition.name}>
            {partition.name} {STATE_WORDS[state]}
          </p>
        );
      })}
    </div>
  );
}
