import type { HostPicture } from '../protocol/protocol.js';
import { Swatch } from './charts/swatch.js';
import { formatBytes, formatPercent, formatRate, formatTime } from './format.js';
import { partitionsOf, residentOf, STATE_WORDS, snapshotOf } from './partitions.js';
import { ScrollRegion } from './scroll-region.js';
import { latest, run, selected, shown, toggleSelected } from './store.js';

/** The numbers behind the curves: now while it runs, totals since the host was ready when it is over. */
export function PartitionTable({ picture }: { picture: HostPicture }) {
  const now = shown.value;
  if (!now) return null;
  return (
    <ScrollRegion label="Numbers by partition">
      <table class="partitions">
        <caption>
          {run.value.result ? 'Averages and totals since the host was ready' : 'Over the last interval of virtual time'}
        </caption>
        <thead>
          <tr>
            <th scope="col">Partition</th>
            <th scope="col" class="word">
              State
            </th>
            <th scope="col">Host CPU</th>
            <th scope="col">Own VPs</th>
            <th scope="col" title="Time ready but not running, share of its own virtual processors">
              Ready
            </th>
            <th scope="col">Memory</th>
            <th scope="col">Demand</th>
            <th scope="col">Requests</th>
            <th scope="col" title="Latency, median">
              p50
            </th>
            <th scope="col" title="Latency, 95th percentile">
              p95
            </th>
          </tr>
        </thead>
        <tbody>
          {partitionsOf(picture).map((partition) => {
            const numbers = snapshotOf(partition, now);
            const state = snapshotOf(partition, latest.value)?.state;
            const work = residentOf(partition, now)?.work;
            const latency = work?.latencyNs;
            return (
              <tr key={partition.name} class={selected.value === partition.name ? 'selected' : ''}>
                <th scope="row">
                  <button
                    type="button"
                    class="plain"
                    aria-pressed={selected.value === partition.name}
                    onClick={() => toggleSelected(partition.name)}
                  >
                    <Swatch partition={partition} /> {partition.name}
                  </button>
                </th>
                <td class="word">{state && <span class={`state ${state}`}>{STATE_WORDS[state]}</span>}</td>
                <td>{numbers && formatPercent(numbers.cpuPercent)}</td>
                <td>{numbers && formatPercent(numbers.vpPercent)}</td>
                <td>{numbers && formatPercent(numbers.readyPercent)}</td>
                <td>{numbers && formatBytes(numbers.memory.assignedBytes)}</td>
                <td>{numbers && formatBytes(numbers.memory.demandBytes)}</td>
                <td>{work ? formatRate(work.throughputPerSecond) : '–'}</td>
                <td>{latency ? formatTime(latency.p50) : '–'}</td>
                <td>{latency ? formatTime(latency.p95) : '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
