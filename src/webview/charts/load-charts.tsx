import type { HostPicture, PartitionSnapshot } from '../../protocol/protocol.js';
import { formatBytes, formatCount, formatPercent, formatTime } from '../format.js';
import { partitionsOf, snapshotOf } from '../partitions.js';
import { run, selected } from '../store.js';
import { LineChart, type Series } from './line-chart.js';
import { seriesStyle } from './series-style.js';

interface Measure {
  title: string;
  format: (value: number) => string;
  value: (partition: PartitionSnapshot) => number | null;
  /** Shown only for partitions with a workload. */
  work?: true;
}

const MEASURES: Measure[] = [
  { title: 'Processor, share of the host', format: formatPercent, value: (p) => p.cpuPercent },
  { title: 'Memory assigned', format: formatBytes, value: (p) => p.memory.assignedBytes },
  {
    title: 'Throughput, requests per second',
    format: formatCount,
    value: (p) => p.work?.throughputPerSecond ?? null,
    work: true,
  },
  { title: 'Latency, 95th percentile', format: formatTime, value: (p) => p.work?.latencyNs?.p95 ?? null, work: true },
];

/** How processor, memory and work went over the run, partition by partition. */
export function LoadCharts({ picture }: { picture: HostPicture }) {
  const { snapshots } = run.value;
  const partitions = partitionsOf(picture);
  const working = new Set(picture.model.children.filter((child) => child.workload).map((child) => child.name));
  const seconds = snapshots.map((snapshot) => snapshot.timeNs / 1e9);
  const measures = MEASURES.filter((measure) => !measure.work || working.size > 0);
  return (
    <section aria-labelledby="load-title">
      <h2 id="load-title">Load</h2>
      {snapshots.length === 0 ? (
        <p class="empty">The curves appear as soon as the host runs.</p>
      ) : (
        <>
          <ul class="legend" aria-hidden="true">
            {partitions.map((partition, i) => (
              <li key={partition.name} class={selected.value === partition.name ? 'strong' : ''}>
                <Swatch index={i} /> {partition.name}
              </li>
            ))}
          </ul>
          <div class="charts">
            {measures.map((measure) => {
              const series = partitions.flatMap((partition, i): Series[] => {
                if (measure.work && !working.has(partition.name)) return [];
                const values = snapshots.map((snapshot) => {
                  const numbers = snapshotOf(partition, snapshot);
                  return numbers ? measure.value(numbers) : null;
                });
                return [{ label: partition.name, ...seriesStyle(i), values }];
              });
              return (
                <LineChart
                  key={measure.title}
                  title={measure.title}
                  summary={`${series.length} lines over ${formatTime((seconds.at(-1) ?? 0) * 1e9)} of virtual time. The table below has the numbers.`}
                  seconds={seconds}
                  series={series}
                  strong={selected.value}
                  format={measure.format}
                />
              );
            })}
          </div>
        </>
      )}
    </section>
  );
}

/** A short piece of a partition's line. */
export function Swatch({ index }: { index: number }) {
  const { color, dash } = seriesStyle(index);
  return (
    <svg class="swatch" width="22" height="8" aria-hidden="true">
      <line x1="1" y1="4" x2="21" y2="4" style={{ stroke: `var(${color})` }} stroke-dasharray={dash.join(' ')} />
    </svg>
  );
}
