import type { Snapshot } from '../../../protocol/snapshot.js';
import type { Counter } from './counter.js';
import { COUNTERS } from './counter-table.js';
import { unixSeconds } from './epoch.js';
import { logged } from './logged.js';

/**
 * The snapshots of a run as OpenMetrics text, the format of Prometheus for more than one moment of the same series:
 * `promtool tsdb create-blocks-from openmetrics` imports it. All are gauges over the interval that ends at the timestamp.
 */
export function prometheusText(host: string, snapshots: readonly Snapshot[]): string {
  const taken = logged(snapshots);
  return `${COUNTERS.map((counter) => family(counter, host, taken)).join('')}# EOF\n`;
}

/** A metric, its series one after the other, each in order of time: points of two series must not be mixed. */
function family({ metric, help, scale, read }: Counter, host: string, snapshots: readonly Snapshot[]): string {
  const series = new Map<string, string[]>();
  for (const snapshot of snapshots) {
    for (const { labels, value } of read(snapshot)) {
      if (labels === null) continue;
      const name = `${metric}${labelText({ host, ...labels })}`;
      const points = series.get(name);
      const point = `${name} ${inBaseUnit(value, scale)} ${unixSeconds(snapshot.timeNs)}\n`;
      if (points) points.push(point);
      else series.set(name, [point]);
    }
  }
  if (series.size === 0) return '';
  return [`# TYPE ${metric} gauge\n`, `# HELP ${metric} ${help}\n`, ...[...series.values()].flat()].join('');
}

/** Twelve significant digits: bytes stay whole, and the noise of binary fractions stays out. */
function inBaseUnit(value: number, scale: number): string {
  return `${Number((value * scale).toPrecision(12))}`;
}

function labelText(labels: Record<string, string>): string {
  const texts = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return `{${texts.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
