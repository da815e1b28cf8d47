import { formatNs, formatPercent, formatRate } from '../../model/format.js';
import { type Column, figures, textTable } from '../result/table.js';
import type { Row } from './row.js';

/** All rows of a point, one for each seed. */
type Point = readonly Row[];

const FIGURES: Column<Point>[] = [
  figures(
    'Requests',
    spread(({ throughputPerSecond }) => throughputPerSecond, formatRate),
  ),
  figures(
    'p95',
    spread(({ p95Ns }) => p95Ns, formatNs),
  ),
  figures(
    'Host CPU',
    spread(({ hostCpuPercent }) => hostCpuPercent, formatPercent),
  ),
  figures(
    'Refused',
    spread(
      ({ refused }) => refused,
      (count) => `${Math.round(count * 10) / 10}`,
    ),
  ),
];
const EXPECTED = figures('As expected', verdict);

/** A line for each point: mean and sample standard deviation over its seeds. */
export function summaryTable(labels: readonly string[], points: readonly Point[]): string {
  const expects = points.some((rows) => rows.some(({ met }) => met !== null));
  const settings = labels.map((label) => figures(label, (rows: Point) => rows[0]?.settings[label] ?? ''));
  return textTable([...settings, ...FIGURES, ...(expects ? [EXPECTED] : [])], points);
}

/** "2 of 3" seeds met every expectation. */
function verdict(rows: Point): string {
  if (rows.every(({ met }) => met === null)) return '–';
  return `${rows.filter(({ met }) => met === true).length} of ${rows.length}`;
}

/** For each point that was not as expected or did not start somebody, why, by the first seed that says so. */
export function notes(points: readonly Point[]): string[] {
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

/** Mean and deviation of a figure over the seeds that have it. */
function spread(figure: (row: Row) => number | null, format: (value: number) => string): (rows: Point) => string {
  return (rows) => {
    const values = rows.flatMap((row) => figure(row) ?? []);
    if (values.length === 0) return '–';
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    if (values.every((value) => value === values[0])) return format(mean);
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    return withSpread(format(mean), format(Math.sqrt(variance)));
  };
}

/** "612 ± 4 / s": a unit that both have is said once. */
function withSpread(mean: string, deviation: string): string {
  const [number = '', ...unit] = mean.split(' ');
  const sameUnit = deviation.endsWith(` ${unit.join(' ')}`);
  return `${unit.length > 0 && sameUnit ? number : mean} ± ${deviation}`;
}
