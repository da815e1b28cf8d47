import { useState } from 'preact/hooks';
import type { HostPicture } from '../../protocol/protocol.js';
import type { PartitionSnapshot } from '../../protocol/snapshot.js';
import { formatBytes, formatCount, formatPercent, formatTime } from '../format.js';
import { partitionsOf, residentOf, snapshotOf } from '../partitions.js';
import { run, selected } from '../store.js';
import { LineChart, type Series } from './line-chart.js';
import { Swatch } from './swatch.js';

interface Measure {
  title: string;
  format: (value: number) => string;
  value: (partition: PartitionSnapshot) => number | null;
  /** Shown only for partitions with a workload, on whatever host they work. */
  work?: true;
  /** A second, dotted line for each partition. */
  dotted?: (partition: PartitionSnapshot) => number | null;
  /** Ticks at powers of two. */
  binary?: true;
}

const MEASURES: Measure[] = [
  { title: 'Processor, share of the host', format: formatPercent, value: (p) => p.cpuPercent },
  {
    title: 'Memory assigned, and demanded (dotted)',
    format: formatBytes,
    value: (p) => p.memory.assignedBytes,
    dotted: (p) => (p.role === 'child' ? p.memory.demandBytes : null),
    binary: true,
  },
  {
    title: 'Throughput, requests per second',
    format: formatCount,
    value: (p) => p.work?.throughputPerSecond ?? null,
    work: true,
  },
  { title: 'Latency, 95th percentile', format: formatTime, value: (p) => p.work?.latencyNs?.p95 ?? null, work: true },
];

const DOTTED = [2, 3];

/** How processor, memory and work went over the run, partition by partition. */
export function LoadCharts({ picture }: { picture: HostPicture }) {
  const [boot, setBoot] = useState(false);
  const { snapshots: all, readyNs } = run.value;
  // Booting takes minutes in which nothing works: the curves begin where the work does, unless asked for all.
  const fromNs = boot ? 0 : (readyNs ?? 0);
  const snapshots = all.filter((snapshot) => snapshot.timeNs >= fromNs);
  const partitions = partitionsOf(picture);
  const working = new Set(picture.model.children.filter((child) => child.workload).map((child) => child.name));
  const seconds = snapshots.map((snapshot) => (snapshot.timeNs - fromNs) / 1e9);
  const measures = MEASURES.filter((measure) => !measure.work || working.size > 0);
  return (
    <section aria-labelledby="load-title">
      <div class="section-head">
        <h2 id="load-title">Load</h2>
        {readyNs !== null && (
          <label>
            <span>Time</span>
            <select
              value={boot ? 'start' : 'ready'}
              onChange={(event) => setBoot(event.currentTarget.value === 'start')}
            >
              <option value="ready">since the host was ready</option>
              <option value="start">since power-on</option>
            </select>
          </label>
        )}
      </div>
      {snapshots.length === 0 ? (
        <p class="empty">The curves appear as soon as the host runs.</p>
      ) : (
        <>
          <ul class="legend" aria-hidden="true">
            {partitions.map((partition) => (
              <li key={partition.name} class={selected.value === partition.name ? 'strong' : ''}>
                <Swatch partition={partition} /> {partition.name}
              </li>
            ))}
          </ul>
          <div class="charts">
            {measures.map((measure) => {
              const series = partitions.flatMap((partition): Series[] => {
                if (measure.work && !working.has(partition.name)) return [];
                const valuesOf = (value: Measure['value']) =>
                  snapshots.map((snapshot) => {
                    const numbers = (measure.work ? residentOf : snapshotOf)(partition, snapshot);
                    return numbers ? value(numbers) : null;
                  });
                const line = { label: partition.name, color: partition.color };
                const solid = { ...line, dash: partition.dash, values: valuesOf(measure.value) };
                if (!measure.dotted) return [solid];
                return [solid, { ...line, dash: DOTTED, thin: true, values: valuesOf(measure.dotted) }];
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
                  binary={measure.binary ?? false}
                />
              );
            })}
          </div>
        </>
      )}
    </section>
  );
}
