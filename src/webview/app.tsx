import { Admission } from './admission.js';
import { Announcer } from './announcer.js';
import { LoadCharts } from './charts/load-charts.js';
import type { Connection } from './connection.js';
import { Costs } from './costs.js';
import { DeviceManagers } from './device-managers.js';
import { Expectations } from './expectations.js';
import { Header } from './header.js';
import { PartitionMap } from './map/partition-map.js';
import { Migrations } from './migrations.js';
import { Notes } from './notes.js';
import { PartitionTable } from './partition-table.js';
import { Peers } from './peers.js';
import { run } from './store.js';
import { Timeline } from './timeline/timeline.js';

/** The whole page. Without a connection it is a report: the same picture, no controls. */
export function App({ connection }: { connection: Connection | null }) {
  const { picture, message, status } = run.value;
  if (!picture) {
    return (
      <main class="empty-page">
        <p role="status">{status === 'unavailable' ? message : 'Reading the host …'}</p>
      </main>
    );
  }
  return (
    <>
      <Header connection={connection} picture={picture} />
      <Announcer />
      <main>
        {message && (
          <p class="banner" role="alert">
            {message}
          </p>
        )}
        <PartitionMap picture={picture} connection={connection} />
        <Expectations />
        <Migrations />
        <Notes />
        <LoadCharts picture={picture} />
        <PartitionTable picture={picture} />
        <Peers />
        <Timeline picture={picture} />
        <Costs />
        <DeviceManagers picture={picture} />
        <Admission report={run.value.result?.admission ?? picture.admission} />
      </main>
    </>
  );
}
