import { DISK_MB, MEMORY_MB } from './machine.js';
import type { Figures } from './measure.js';

/** One of the machines that are compared, with its figures of each round; none where something is missing for it. */
export interface Side {
  name: string;
  title: string;
  missing: string | null;
  rounds: Figures[];
}

/** What a guest has of its processor at a limit. */
export interface LimitFigures {
  limitPercent: number;
  /** The part of its time in which it runs, as a multiple of the limit. */
  runs: number;
  /** What it gets done in a second of its clock, as a multiple of the limit's share of what it does with a second of a core. */
  done: number;
}

/** Two children that want the same logical processor. */
export interface DividedFigures {
  /** What their definitions say. */
  says: [string, string];
  /** How many times as much as the second the first should run; did; and got done. */
  promised: number;
  runs: number;
  done: number;
  /** Percent of a core that the process had meanwhile: below 100 the computer did not have the processor to be divided. */
  corePercent: number;
}

export interface Results {
  sides: Side[];
  /** Empty: not measured. */
  limits: LimitFigures[];
  divided: DividedFigures[];
  /** MB/s; null: not measured. */
  network: number | null;
  together: { count: number; seconds: number; residentMBPerChild: number } | null;
  computer: string;
  /** The average load after each step. */
  load: number[];
}

const ROWS: { title: string; of(figures: Figures): number | null; unit: string; digits: number }[] = [
  { title: 'cold boot to a shell', of: (figures) => figures.bootSeconds, unit: 's', digits: 1 },
  { title: 'CPU of it', of: (figures) => figures.bootCpuSeconds, unit: 's', digits: 1 },
  { title: 'from a snapshot to a shell', of: (figures) => figures.snapshotSeconds, unit: 's', digits: 2 },
  { title: 'idle', of: (figures) => figures.idlePercent, unit: '% of a core', digits: 1 },
  { title: 'writing the disk with fsync, first time', of: (figures) => figures.firstWriteMBs, unit: 'MB/s', digits: 0 },
  { title: 'again', of: (figures) => figures.writeMBs, unit: 'MB/s', digits: 0 },
  {
    title: 'reading it with the cache dropped, first time',
    of: (figures) => figures.firstReadMBs,
    unit: 'MB/s',
    digits: 0,
  },
  { title: 'again', of: (figures) => figures.readMBs, unit: 'MB/s', digits: 0 },
  {
    title: 'writing again, for each second of a processor',
    of: (figures) => figures.writeMBsOfCpu,
    unit: 'MB',
    digits: 0,
  },
  { title: 'reading again, the same', of: (figures) => figures.readMBsOfCpu, unit: 'MB', digits: 0 },
  { title: 'memory of the process', of: (figures) => figures.residentMB, unit: 'MB', digits: 0 },
];

/** The page of results. */
export function report(results: Results): string {
  const { sides, limits, divided, network, together, computer, load } = results;
  const present = sides.filter(({ rounds }) => rounds.length > 0);
  const table = ROWS.map(({ title, of, unit, digits }) => {
    const cells = present.map(({ rounds }) => cell(rounds.map(of), unit, digits));
    return `| ${[title, ...cells].join(' | ')} |`;
  });
  const missing = sides.filter((side) => side.missing !== null).map(({ title, missing: why }) => `${title}: ${why}.`);
  return [
    '# Machine children, and the same kernel elsewhere',
    '',
    `\`npm run bench:guest\` wrote this page. One unmodified Debian kernel (i386) with ${MEMORY_MB} MB and a disk of ${DISK_MB} MB, booted in turn`,
    'as a machine child (disk in a raw file), again with that file in memory, as a bare machine of hvhost with an IDE disk in memory,',
    'in v86 as it comes (SeaBIOS, IDE disk in memory) and in QEMU without acceleration (IDE disk in a raw file). Median of the rounds,',
    'lowest and highest in brackets. CPU is of the whole process, compiling included. What is done for the first time waits for its',
    'code to be compiled; "again" is the median of three more. The guest\'s clock times the disk.',
    '',
    `${computer}; shared with other work, average load ${Math.min(...load).toFixed(0)} to ${Math.max(...load).toFixed(0)}; rounds: ${present[0]?.rounds.length ?? 0}.`,
    ...missing,
    '',
    `| | ${present.map(({ title }) => title).join(' | ')} |`,
    `|---|${present.map(() => '---').join('|')}|`,
    ...table,
    '',
    '| several machine children | |',
    '|---|---|',
    `| TCP stream between two over a virtual switch, median of three after the first | ${network === null ? NOT_MEASURED : `${network.toFixed(1)} MB/s`} |`,
    ...(together === null ? [`| several at once | ${NOT_MEASURED} |`] : togetherRows(together)),
    '',
    '## Parts of a processor',
    '',
    'A loop of its shell watches the clock of the guest: where that goes on without the loop, the guest does not run. What it gets',
    'done are turns of the loop, compared with those in a second of a core without a limit: after each rest it goes on with cold',
    'caches, colder where other programs used the core meanwhile.',
    '',
    '| | the guest runs | it gets done |',
    '|---|---|---|',
    ...limits.map(
      ({ limitPercent, runs, done }) =>
        `| limit ${limitPercent} % | ${(runs * limitPercent).toFixed(1)} % of the time (${runs.toFixed(2)} times) | ${done.toFixed(2)} times |`,
    ),
    ...divided.map(
      ({ says, promised, runs, done, corePercent }) =>
        `| ${says.join(' beside ')} on one processor: ${promised} to 1 | ${runs.toFixed(2)} to 1, both together with ${corePercent.toFixed(0)} % of a core | ${done.toFixed(2)} to 1 |`,
    ),
    '',
    '## Goals',
    '',
    '| goal | measured | |',
    '|---|---|---|',
    ...goals(results).map(({ goal, measured, met }) => `| ${goal} | ${measured} | ${met ? 'met' : 'missed'} |`),
    '',
  ].join('\n');
}

const NOT_MEASURED = 'not measured';

function togetherRows({ count, seconds, residentMBPerChild }: NonNullable<Results['together']>): string[] {
  return [
    `| ${count} at once, from the command to the last shell | ${seconds.toFixed(0)} s |`,
    `| memory of the process for each of them, 96 MB of it its own | ${residentMBPerChild.toFixed(0)} MB |`,
  ];
}

interface Goal {
  goal: string;
  measured: string;
  met: boolean;
}

function goals({ sides, limits, divided, network }: Results): Goal[] {
  const roundsOf = (wanted: string) => sides.find(({ name }) => name === wanted)?.rounds ?? [];
  const [ours, inMemory, bare, stock] = ['ours', 'ours-in-memory', 'ours-bare', 'stock-v86'].map(roundsOf) as Rounds;
  const idle = of(ours, ({ idlePercent }) => idlePercent);
  const snapshot = of(ours, ({ snapshotSeconds }) => snapshotSeconds);
  const alone: Goal[] = [
    { goal: 'start from a snapshot below 1 s', measured: `${snapshot.toFixed(2)} s`, met: snapshot < 1 },
    { goal: 'idle below 3 % of a core', measured: `${idle.toFixed(1)} %`, met: idle < 3 },
  ];
  if (network !== null) {
    alone.push({ goal: '20 MB/s between two children', measured: `${network.toFixed(1)} MB/s`, met: network >= 20 });
  }
  const shares = [...limits.map(({ runs }) => runs), ...divided.map(({ runs, promised }) => runs / promised)];
  if (shares.length > 0) {
    const farthest = shares.reduce((far, times) => (Math.abs(times - 1) > Math.abs(far - 1) ? times : far));
    alone.push({
      goal: 'limit, weight and reserve govern how much the guest runs, seen inside, within 5 %',
      measured: `the farthest off ${farthest.toFixed(2)} times`,
      met: Math.abs(farthest - 1) <= 0.05,
    });
  }
  const sameComputer = fasterDisk(
    'storvsc, disk in memory,',
    inMemory,
    'the IDE disk of a bare machine of hvhost',
    bare,
  );
  if (stock.length === 0) return [...sameComputer, ...alone];
  const boot = of(ours, ({ bootSeconds }) => bootSeconds) / of(stock, ({ bootSeconds }) => bootSeconds);
  return [
    { goal: 'cold boot at most 1.1 times that of v86', measured: `${boot.toFixed(2)} times`, met: boot <= 1.1 },
    ...sameComputer,
    ...fasterDisk('storvsc, disk in memory,', inMemory, STOCK_IDE, stock),
    ...fasterDisk('storvsc, disk in a file,', ours, STOCK_IDE, stock),
    ...alone,
  ];
}

type Rounds = [Figures[], Figures[], Figures[], Figures[]];

const STOCK_IDE = 'that of v86 as it comes, whose V8 optimizes the guest on another core';

function of(rounds: readonly Figures[], pick: (figures: Figures) => number | null): number {
  return median(rounds.map(pick)) ?? 0;
}

/** None where one of both was not measured. */
function fasterDisk(ours: string, rounds: readonly Figures[], other: string, others: readonly Figures[]): Goal[] {
  if (rounds.length === 0 || others.length === 0) return [];
  const times = (pick: (figures: Figures) => number) => of(rounds, pick) / of(others, pick);
  const [firstWrite, write] = [times(({ firstWriteMBs }) => firstWriteMBs), times(({ writeMBs }) => writeMBs)];
  const [firstRead, read] = [times(({ firstReadMBs }) => firstReadMBs), times(({ readMBs }) => readMBs)];
  return [
    faster(`${ours} writes faster than ${other}`, firstWrite, write),
    faster(`${ours} reads faster than ${other}`, firstRead, read),
  ];
}

function faster(goal: string, first: number, again: number): Goal {
  return {
    goal,
    measured: `${first.toFixed(2)} times, again ${again.toFixed(2)} times`,
    met: Math.min(first, again) > 1,
  };
}

function cell(values: readonly (number | null)[], unit: string, digits: number): string {
  const middle = median(values);
  if (middle === null) return '-';
  const known = values.filter((value) => value !== null);
  const range =
    known.length < 2 ? '' : ` (${Math.min(...known).toFixed(digits)} to ${Math.max(...known).toFixed(digits)})`;
  return `${middle.toFixed(digits)} ${unit}${range}`;
}

function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
