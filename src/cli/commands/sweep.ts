import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { formatNs } from '../../model/format.js';
import type { HostModel } from '../../model/host-model.js';
import { scenarioLengthNs } from '../../model/scenario-length.js';
import { parseDuration, wholeNumber } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { findScenario } from '../find-scenario.js';
import { loadHost } from '../load-host.js';
import { withCopies } from '../sweep/copies.js';
import { crossProduct } from '../sweep/cross-product.js';
import { diskShortages } from '../sweep/disk-space.js';
import { parseExpectation } from '../sweep/expectation.js';
import { findMost } from '../sweep/most.js';
import { runCounter } from '../sweep/progress.js';
import type { Row } from '../sweep/row.js';
import { notes, summaryTable } from '../sweep/summary.js';
import { Sweep, type SweepPlan } from '../sweep/sweep.js';
import { parseVariation } from '../sweep/variation.js';

declare const HVHOST_VERSION: string;

interface Flags {
  vary?: string[];
  most?: string;
  expect?: string[];
  host?: string;
  scenario?: string;
  for?: number;
  seeds: number;
  measure?: string;
  threads: number;
  out?: string;
  resume?: boolean;
}

/** Nobody reads the snapshots, but each is an audit of the sums. */
const SNAPSHOT_EVERY_NS = 1e9;
const DEFAULT_LENGTH_NS = 60e9;
/** Hyper-V runs no more machines on a host in any release (its published scale limits). */
const MOST_COPIES = 1024;

export function sweepCommand(): Command {
  const each = (text: string, before: string[] = []) => [...before, text];
  return new Command('sweep')
    .description('ask what if: run a host with other values, or find the most copies of a child it carries')
    .argument('<file>', 'a .hvhost file without errors')
    .option('--vary <what>', "values to try, such as 'child web weight 100,200,400'; repeat it for combinations", each)
    .option('--most <what>', "find the most 'children like NAME' that start and meet what is expected")
    .option('--expect <what>', "of every copy, such as 'latency p95 < 40 ms'; may be repeated", each)
    .option('--host <name>', 'which host, where the file declares several')
    .option('--scenario <name>', 'play this scenario instead of starting every child; its expectations count')
    .addOption(
      new Option('--for <time>', 'virtual time to run once the host is up (60s, or what the scenario takes)').argParser(
        parseDuration,
      ),
    )
    .addOption(
      new Option('--seeds <number>', 'run everything with the seeds 1 to this')
        .default(3)
        .argParser(wholeNumber(1, 1000)),
    )
    .option('--measure <child>', 'measure the requests of this child instead of all')
    .addOption(
      new Option('--threads <number>', 'threads to run on')
        .default(availableParallelism())
        .argParser(wholeNumber(1, 1024)),
    )
    .option('--out <file>', 'write every run, as soon as it is done, to a .json or .csv file')
    .option('--resume', 'go on with the file of --out after a stop or a kill')
    .action(sweep);
}

async function sweep(path: string, flags: Flags): Promise<void> {
  if ((flags.most === undefined) === (flags.vary === undefined)) {
    throw new UsageError("say either --vary 'child web weight 100,200,400' or --most 'children like web'");
  }
  if (flags.most === undefined && flags.expect !== undefined) throw new UsageError('--expect goes with --most');
  if (flags.resume && flags.out === undefined) throw new UsageError('--resume goes on with a file: name it with --out');
  const model = await loadHost(path, flags.host, flags.scenario);
  if (model === null) return;
  if (flags.measure !== undefined) requireChild(model, flags.measure, '--measure');
  if (flags.vary !== undefined) await vary(model, flags, flags.vary);
  if (flags.most !== undefined) await findMostCopies(model, flags, flags.most);
}

async function vary(model: HostModel, flags: Flags, texts: string[]): Promise<void> {
  const variations = texts.map((text) => parseVariation(text, model));
  const points = crossProduct(model, variations);
  const labels = variations.map(({ label }) => label);
  const counter = runCounter(model.name);
  const plan = planFor(model, flags, labels, [], flags.scenario ?? null);
  const rows = await stoppable({ ...plan, progress: counter.show }, (each) => each.run(points), counter.end);
  if (rows === null) return;
  console.log(`${heading(model, plan, flags)}\n\n${summaryTable(labels, rows)}`);
  printNotes(rows);
}

async function findMostCopies(host: HostModel, flags: Flags, what: string): Promise<void> {
  const name = /^\s*children\s+like\s+(\S+)\s*$/.exec(what)?.[1];
  if (name === undefined) throw new UsageError(`--most '${what}': write for example 'children like web'`);
  requireChild(host, name, `--most '${what}'`);
  const expects = flags.expect ?? [];
  const expectations = expects.map(parseExpectation);
  const label = `copies of ${name}`;
  const copies = (count: number) => withCopies(host, name, count, flags.scenario ?? null, expectations);
  const counter = runCounter(host.name);
  const plan = planFor(host, flags, [label], [name, expects], copies(0).scenario);

  const probed = new Map<number, Row[]>();
  const most = await stoppable(
    { ...plan, progress: counter.show },
    async (each) => {
      const probe = async (count: number): Promise<Row[] | null> => {
        const rows = await each.run([{ settings: { [label]: `${count}` }, model: copies(count).model }]);
        if (rows?.[0] !== undefined) probed.set(count, rows[0]);
        return rows?.[0] ?? null;
      };
      // Whoever is refused without any copy is not refused because of them.
      const without = await probe(0);
      if (without === null) return null;
      const refused = Math.max(...without.map((row) => row.refused));
      return findMost(MOST_COPIES, async (count) => {
        const rows = await probe(count);
        return rows && { good: rows.every((row) => row.met !== false && row.refused <= refused && row.waiting === 0) };
      });
    },
    counter.end,
  );
  if (most === null) return;
  const rows = [...probed].sort(([a], [b]) => a - b).map(([, each]) => each);
  console.log(`${heading(host, plan, flags)}\n\n${summaryTable([label], rows)}`);
  printNotes(rows.filter((_, index) => rows[index - 1] === probed.get(most)));
  console.log(
    `\n${[answer(name, most), ...diskShortages(copies(most).model)].join(' ')}\nTaken for granted: where some copies are too many, more are too many as well.`,
  );
  if (most === 0) process.exitCode = EXIT.failed;
}

function answer(name: string, most: number): string {
  if (most === 0) return `Not even one '${name}' starts and meets what is expected.`;
  const copies = most === 1 ? `1 child like '${name}'` : `${most} children like '${name}'`;
  return most === MOST_COPIES ? `At least ${copies} fit; more are not tried.` : `At most ${copies} fit.`;
}

function planFor(
  model: HostModel,
  flags: Flags,
  labels: string[],
  extra: unknown[],
  scenario: string | null,
): Omit<SweepPlan, 'progress'> {
  const played = flags.scenario === undefined ? null : findScenario(model, flags.scenario);
  const horizonNs = flags.for ?? (played === null ? DEFAULT_LENGTH_NS : scenarioLengthNs(played));
  return {
    fingerprint: [HVHOST_VERSION, model, ...extra],
    options: { horizonNs, scenario, snapshotEveryNs: SNAPSHOT_EVERY_NS, speed: null, trace: false },
    seeds: flags.seeds,
    child: flags.measure ?? null,
    threads: flags.threads,
    labels,
    out: flags.out === undefined ? null : { path: flags.out, resume: flags.resume === true },
  };
}

/** Runs a sweep that Ctrl-C stops; null when it did. */
async function stoppable<T>(
  plan: SweepPlan,
  run: (sweep: Sweep) => Promise<T | null>,
  endProgress: () => void,
): Promise<T | null> {
  const running = new Sweep(plan);
  const interrupt = () => running.stopped.abort();
  process.once('SIGINT', interrupt);
  let complete = false;
  try {
    const result = await run(running);
    complete = result !== null;
    if (result === null) {
      const rest = plan.out === null ? 'nothing was kept' : `--resume goes on with ${plan.out.path}`;
      console.error(`hvhost: stopped before the end; ${rest}`);
      process.exitCode = EXIT.interrupted;
    }
    return result;
  } finally {
    process.off('SIGINT', interrupt);
    running.close(complete);
    endProgress();
  }
}

function heading(model: HostModel, { options, seeds, child }: Omit<SweepPlan, 'progress'>, flags: Flags): string {
  const scenario = flags.scenario === undefined ? '' : `, scenario ${flags.scenario}`;
  const of = child === null ? 'all children together, p95 of the slowest' : `of ${child} alone`;
  const spread = seeds === 1 ? 'seed 1' : `mean ± standard deviation over the seeds 1 to ${seeds}`;
  return `${model.name}: ${formatNs(options.horizonNs)} of virtual time${scenario}; ${spread}.\nRequests: ${of}.`;
}

function printNotes(rows: readonly (readonly Row[])[]): void {
  const all = notes(rows);
  if (all.length > 0) console.log(`\n${all.slice(0, 5).join('\n')}`);
  if (all.length > 5) console.log(`… and ${all.length - 5} more; --out keeps them all.`);
}

function requireChild(model: HostModel, name: string, where: string): void {
  if (model.children.some((child) => child.name === name)) return;
  const names = model.children.map((child) => child.name).join(', ');
  throw new UsageError(`${where}: there is no child '${name}' (there is ${names || 'none'})`);
}
