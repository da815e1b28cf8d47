import { formatNs, formatPercent } from '../../model/format.js';
import { COST_GROUPS, type CostGroup } from './cost-groups.js';
import type { Measurement } from './measurement.js';

const WIDTH = 56;
const FULL = '█';

/** One letter for each group that is overhead: a terminal without colours tells them apart, too. */
const LETTERS: Record<Exclude<CostGroup, 'work'>, string> = {
  'address translation': 'A',
  'exits and emulation': 'E',
  switches: 'S',
  'signals and interrupts': 'I',
  'copies and grants': 'C',
  drivers: 'D',
  memory: 'M',
  'placement (SMT, caches, NUMA)': 'P',
};

/** The comparison as bars, one for each hypervisor that ran; '' where there is nothing to draw. */
export function benchmarkPlot(measured: readonly Measurement[]): string {
  const ran = measured.filter(({ refused }) => refused === null);
  return [overheadPlot(ran), cpuPlot(ran), ...latencyPlots(ran)].filter((plot) => plot !== '').join('\n\n');
}

/** CPU time of a request beside the work itself, as stacked bars of the groups it went to. */
function overheadPlot(ran: readonly Measurement[]): string {
  const overheads = ran.map(({ hypervisor, costs, completed }) => {
    const groups = costs.flatMap(({ group, totalNs }) =>
      group === 'work' || completed === 0 ? [] : [{ group, ns: totalNs / completed }],
    );
    return { hypervisor, groups, ns: groups.reduce((sum, { ns }) => sum + ns, 0) };
  });
  const largest = Math.max(0, ...overheads.map(({ ns }) => ns));
  if (largest === 0) return '';
  const lines = overheads.map(({ hypervisor, groups, ns }) => ({
    title: hypervisor,
    bar: stacked(groups.map((each) => ({ letter: LETTERS[each.group], share: each.ns / largest }))),
    value: formatNs(Math.round(ns)),
  }));
  const drawn = COST_GROUPS.filter(
    (group): group is keyof typeof LETTERS => group !== 'work' && lines.some(({ bar }) => bar.includes(LETTERS[group])),
  );
  const legend = drawn.map((group) => `${LETTERS[group]} ${group}`).join('   ');
  return [...barLines('Overhead of a request (CPU time beside the work)', lines), `  ${legend}`].join('\n');
}

function cpuPlot(ran: readonly Measurement[]): string {
  return plain('Host CPU, all children up', ran, ({ hostCpuPercent }) => hostCpuPercent, formatPercent);
}

function latencyPlots(ran: readonly Measurement[]): string[] {
  const names = new Set(ran.flatMap(({ children }) => children.flatMap(({ name, work }) => (work ? [name] : []))));
  return [...names].map((child) => {
    const p95 = ({ children }: Measurement) =>
      children.find(({ name }) => name === child)?.work?.latencyNs?.p95 ?? null;
    return plain(`${child} latency p95`, ran, p95, formatNs);
  });
}

function plain(
  title: string,
  ran: readonly Measurement[],
  value: (measurement: Measurement) => number | null,
  format: (value: number) => string,
): string {
  const values = ran.map(value);
  const largest = Math.max(0, ...values.map((each) => each ?? 0));
  if (largest === 0) return '';
  const lines = ran.map(({ hypervisor }, i) => {
    const seen = values[i] ?? null;
    const bar = seen === null ? '' : FULL.repeat(Math.round((WIDTH * seen) / largest));
    return { title: hypervisor, bar, value: seen === null ? '–' : format(seen) };
  });
  return barLines(title, lines).join('\n');
}

function barLines(title: string, lines: readonly { title: string; bar: string; value: string }[]): string[] {
  const titleWidth = Math.max(...lines.map((line) => line.title.length));
  return [title, ...lines.map((line) => `  ${line.title.padEnd(titleWidth)}  ${line.bar} ${line.value}`)];
}

/** Letters up to the end of each part: rounding the ends, not the parts, keeps the length of the whole bar right. */
function stacked(parts: readonly { letter: string; share: number }[]): string {
  let bar = '';
  let end = 0;
  for (const { letter, share } of parts) {
    end += share;
    bar = bar.padEnd(Math.round(end * WIDTH), letter);
  }
  return bar;
}
