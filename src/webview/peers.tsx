import type { PartitionSnapshot, PeerSnapshot } from '../protocol/snapshot.js';
import { formatBytes, formatPercent, formatRate, formatTime } from './format.js';
import { STATE_WORDS } from './partitions.js';
import { ScrollRegion } from './scroll-region.js';
import { latest, shown } from './store.js';

/** The other hosts of the run, with whoever lives on them now. */
export function Peers() {
  const peers = shown.value?.peers ?? [];
  if (peers.length === 0) return null;
  return (
    <section aria-labelledby="peers-title">
      <h2 id="peers-title">Other hosts</h2>
      {peers.map((peer) => (
        <Peer key={peer.host} peer={peer} />
      ))}
    </section>
  );
}

function Peer({ peer }: { peer: PeerSnapshot }) {
  const { totalBytes, freeBytes } = peer.memory;
  return (
    <ScrollRegion label={`Numbers of ${peer.host}`}>
      <table class="partitions">
        <caption>
          {peer.host}: {peer.phase === 'ready' ? 'up' : peer.phase}, {formatBytes(freeBytes)} of{' '}
          {formatBytes(totalBytes)} free
        </caption>
        <thead>
          <tr>
            <th scope="col">Partition</th>
            <th scope="col" class="word">
              State
            </th>
            <th scope="col">Host CPU</th>
            <th scope="col">Memory</th>
            <th scope="col">Requests</th>
            <th scope="col" title="Latency, 95th percentile">
              p95
            </th>
          </tr>
        </thead>
        <tbody>
          {peer.partitions.map((partition) => (
            <Row key={`${partition.role} ${partition.name}`} partition={partition} host={peer.host} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Row({ partition, host }: { partition: PartitionSnapshot; host: string }) {
  const now = latest.value?.peers?.find((peer) => peer.host === host);
  const state = now?.partitions.find(({ name }) => name === partition.name)?.state ?? partition.state;
  const { work } = partition;
  return (
    <tr>
      <th scope="row">{partition.name}</th>
      <td class="word">
        <span class={`state ${state}`}>{STATE_WORDS[state]}</span>
      </td>
      <td>{formatPercent(partition.cpuPercent)}</td>
      <td>{formatBytes(partition.memory.assignedBytes)}</td>
      <td>{work ? formatRate(work.throughputPerSecond) : '–'}</td>
      <td>{work?.latencyNs ? formatTime(work.latencyNs.p95) : '–'}</td>
    </tr>
  );
}
