import type { MigrationRecord } from '../protocol/run-result.js';
import { formatBytes, formatTime } from './format.js';
import { ScrollRegion } from './scroll-region.js';
import { run } from './store.js';

/** A page is 4 KB. */
const PAGE_BYTES = 4096;

/** What moved to another host, once the run is over: how long it took, pass by pass, and how long the guest stood still. */
export function Migrations() {
  const migrations = run.value.result?.migrations ?? [];
  if (migrations.length === 0) return null;
  return (
    <section aria-labelledby="migrations-title">
      <h2 id="migrations-title">Migrations</h2>
      <ScrollRegion label="Migrations">
        <table>
          <thead>
            <tr>
              <th scope="col" class="word">
                Child
              </th>
              <th scope="col" class="word">
                From, to
              </th>
              <th scope="col" class="word">
                Outcome
              </th>
              <th scope="col">Carried</th>
              <th scope="col">Total</th>
              <th scope="col" title="How long no virtual processor of the guest could run">
                Blackout
              </th>
              <th scope="col" class="word" title="What each pass over memory sent while the guest ran">
                Passes
              </th>
            </tr>
          </thead>
          <tbody>
            {migrations.map((migration, i) => (
              <tr key={i}>
                <th scope="row" class="word">
                  {migration.child}
                </th>
                <td class="word">
                  {migration.from} → {migration.to}
                </td>
                <td class="word">
                  {migration.mode}, {migration.outcome}
                  {migration.reason !== undefined && <span class="seen">{migration.reason}</span>}
                </td>
                <td>{formatBytes(migration.carriedBytes)}</td>
                <td>{formatTime(migration.totalNs)}</td>
                <td>{migration.blackoutNs === null ? '–' : formatTime(migration.blackoutNs)}</td>
                <td class="word">{passes(migration)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}

function passes({ rounds }: MigrationRecord): string {
  if (rounds.length === 0) return '–';
  return rounds
    .map(({ pages, durationNs }) => `${formatBytes(pages * PAGE_BYTES)} in ${formatTime(durationNs)}`)
    .join(', ');
}
