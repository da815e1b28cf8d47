import { formatBytes, formatNs, formatPercent, formatRate } from '../../model/format.js';
import type { Benchmark, HostModel } from '../../model/host-model.js';
import { modelledChildren } from '../../model/modelled-children.js';
import { figures, textTable, words } from '../result/table.js';
import { COST_GROUPS } from './cost-groups.js';
import type { Measurement } from './measurement.js';
import { benchmarkPlot } from './plot.js';

const NONE = '–';

/** The comparison for a terminal: one column for each hypervisor, then bars, then what to know about both. */
export function benchmarkText(
  model: HostModel,
  benchmark: Benchmark,
  run: { horizonNs: number; seed: number },
  measured: readonly Measurement[],
): string {
  const columns = [
    words(benchmark.name, ([title]: string[]) => title!),
    ...measured.map(({ hypervisor }, index) => figures(hypervisor, (cells: string[]) => cells[index + 1]!)),
  ];
  const row = (title: string, cell: (measurement: Measurement) => string | null) => [
    title,
    ...measured.map((each) => (each.refused === null ? (cell(each) ?? NONE) : NONE)),
  ];
  return [
    `${benchmark.name} on ${model.name}: the same partitions and the same work, ${formatNs(run.horizonNs)} of virtual time, seed ${run.seed}.`,
    textTable(columns, [...measures(model, benchmark, row), ...costs(row)]),
    benchmarkPlot(measured),
    footnotes(measured),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

type Row = (title: string, cell: (measurement: Measurement) => string | null) => string[];

function measures(model: HostModel, { measure }: Benchmark, row: Row): string[][] {
  const wanted = (name: Benchmark['measure'][number]) => measure.length === 0 || measure.includes(name);
  const working = modelledChildren(model).filter(({ workload }) => workload !== undefined);
  const rows: string[][] = [];
  for (const { name } of working) {
    const work = (measurement: Measurement) => measurement.children.find((child) => child.name === name)?.work ?? null;
    const latency = (measurement: Measurement) => work(measurement)?.latencyNs ?? null;
    const inNs = (ns: number | undefined) => (ns === undefined ? null : formatNs(ns));
    if (wanted('throughput')) {
      rows.push(
        row(`${name} throughput`, (m) => {
          const done = work(m);
          return done === null ? null : formatRate(done.throughputPerSecond);
        }),
      );
    }
    if (wanted('latency')) {
      rows.push(row(`${name} latency mean`, (m) => inNs(latency(m)?.mean)));
      rows.push(row(`${name} latency p95`, (m) => inNs(latency(m)?.p95)));
    }
  }
  const percent = (value: number | null) => (value === null ? null : formatPercent(value));
  if (wanted('host cpu')) {
    rows.push(row('host CPU, all children up', ({ hostCpuPercent }) => percent(hostCpuPercent)));
    rows.push(row('  of it the parent', ({ parentCpuPercent }) => percent(parentCpuPercent)));
  }
  if (wanted('memory')) rows.push(row('memory taken', ({ memoryBytes }) => formatBytes(memoryBytes)));
  return rows;
}

/** CPU time of a request, group by group; a star where a row of the group is assumed or recalled. */
function costs(row: Row): string[][] {
  const perRequest = (ns: number, { completed }: Measurement) =>
    completed === 0 ? null : formatNs(Math.round(ns / completed));
  const overheadNs = (m: Measurement) =>
    m.costs.reduce((sum, { group, totalNs }) => sum + (group === 'work' ? 0 : totalNs), 0);
  const total = row('CPU time of a request', (m) =>
    perRequest(
      m.costs.reduce((sum, { totalNs }) => sum + totalNs, 0),
      m,
    ),
  );
  const groups = COST_GROUPS.map((group) =>
    row(`  ${group}`, (m) => {
      const share = m.costs.find((each) => each.group === group);
      if (!share || share.totalNs === 0) return null;
      const star = share.rows.some(({ doubt }) => doubt !== null) ? ' *' : '';
      const text = perRequest(share.totalNs, m);
      if (text === null || group === 'work') return text;
      return `${text}, ${formatPercent((100 * share.totalNs) / overheadNs(m))} of overhead${star}`;
    }),
  ).filter((cells) => cells.slice(1).some((cell) => cell !== NONE));
  return [total, ...groups];
}

function footnotes(measured: readonly Measurement[]): string {
  const rows = measured.flatMap(({ costs }) => costs.flatMap((group) => group.rows));
  const doubted = (['assumed', 'recalled'] as const).map((doubt) => ({
    doubt,
    ids: new Set(rows.filter((each) => each.doubt === doubt).map(({ id }) => id)),
  }));
  const lines = measured.flatMap(({ hypervisor, refused, notes, children }) => [
    ...(refused === null ? [] : [`${hypervisor} did not run: ${refused}`]),
    ...notes.map((note) => `${hypervisor}: ${note}`),
    ...children.flatMap(({ name, reason }) => (reason === undefined ? [] : [`${hypervisor}: ${name}: ${reason}`])),
  ]);
  for (const { doubt, ids } of doubted)
    if (ids.size > 0) lines.push(`* rests on ${doubt} costs: ${[...ids].join(', ')}`);
  return lines.join('\n');
}
