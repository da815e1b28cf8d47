import { formatNs, formatPercent, formatRate } from '../../model/format.js';
import { type Column, textTable } from '../result/table.js';
import type { Row } from './row.js';

const FIGURES: Column[] = [
  { title: 'Requests', align: 'right' },
  { title: 'p95', align: 'right' },
  { title: 'Host CPU', align: 'right' },
  { title: 'Refused', align: 'right' },
];
const EXPECTED: Column = { title: 'As expected', align: 'right' };

/** A line for each point: mean and sample standard deviation over its seeds. */
export function summaryTable(labels: readonly string[], points: readonly (readonly Row[])[]): string {
  const expects = points.some((rows) => rows.some(({ met }) => met !== null));
  const settings = labels.map((title): Column => ({ title, align: 'right' }));
  const columns = [...settings, ...FIGURES, ...(expects ? [EXPECTED] : [])];
  const lines = points.map((rows) => {
    const line = [...labels.map((label) => rows[0]?.settings[label] ?? ''), ...figuresOf(rows)];
    return expects ? [...line, verdict(rows)] : line;
  });
  return textTable(columns, lines);
}

/** "2 of 3" seeds met every expectation. */
function verdict(rows: readonly Row[]): string {
  if (rows.every(({ met }) => met === null)) return '–';
  return `${rows.filter(({ met }) => met === true).length} of ${rows.length}`;
}

/** For each point that was not as expected or did not start somebody, why, by the first seed that says so. */
export function notes(points: readonly (readonly Row[])[]): string[] {
  return points.flatMap((rows) => {
    const row = rows.find(({ refused, waiting, met }) => refused + waiting > 0 || met === false);
    return row === undefined ? [] : [`${settingsText(row)}, seed ${row.seed}: ${row.note}`];
  });
}

function settingsText({ settings }: Row): string {
  return Object.entries(settings)
    .map((setting) => setting.join(' '))
    .join(', ');
}

function figuresOf(rows: readonly Row[]): string[] {
  return [
    spread(
      rows.map(({ throughputPerSecond }) => throughputPerSecond),
      formatRate,
    ),
    spread(
      rows.flatMap(({ p95Ns }) => p95Ns ?? []),
      formatNs,
    ),
    spread(
      rows.map(({ hostCpuPercent }) => hostCpuPercent),
      formatPercent,
    ),
    spread(
      rows.map(({ refused }) => refused),
      (count) => `${Math.round(count * 10) / 10}`,
    ),
  ];
}

function spread(values: readonly number[], format: (value: number) => string): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 0) return '–';
  if (values.every((value) => value === values[0])) return format(mean);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return withSpread(format(mean), format(Math.sqrt(variance)));
}

/** "612 ± 4 / s": a unit that both have is said once. */
function withSpread(mean: string, deviation: string): string {
  const [number = '', ...unit] = mean.split(' ');
  const sameUnit = deviation.endsWith(` ${unit.join(' ')}`);
  return `${unit.length > 0 && sameUnit ? number : mean} ± ${deviation}`;
}
