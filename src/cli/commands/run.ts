import { Command, InvalidArgumentError, Option } from 'commander';
import { admitHost } from '../../model/admission.js';
import { deviceTrees } from '../../model/devices.js';
import type { HostModel } from '../../model/host-model.js';
import { scenarioLengthNs } from '../../model/scenario-length.js';
import { pageSnapshot } from '../../protocol/page-snapshot.js';
import type { RunOptions } from '../../protocol/protocol.js';
import type { Recording } from '../../protocol/report.js';
import { reportHtml } from '../../protocol/report.js';
import type { RunResult } from '../../protocol/run-result.js';
import type { Snapshot } from '../../protocol/snapshot.js';
import { chromeTrace } from '../../runtime/trace/chrome-trace.js';
import { perfMonCsv } from '../../runtime/trace/exporters/perfmon-csv.js';
import { prometheusText } from '../../runtime/trace/exporters/prometheus.js';
import { parseDuration, parseSeed } from '../arguments.js';
import { EXIT } from '../exit.js';
import { requireWritable, writeOutput } from '../files.js';
import { findScenario } from '../find-scenario.js';
import { loadHost } from '../load-host.js';
import { readAssets } from '../report-assets.js';
import { resultText } from '../result/text.js';
import { runModel } from '../run-model.js';

interface Flags {
  host?: string;
  scenario?: string;
  for?: number;
  seed: number;
  json?: string;
  report?: string;
  trace?: string;
  counters?: string;
}

const SNAPSHOTS = 240;
const DEFAULT_LENGTH_NS = 60e9;

export function runCommand(): Command {
  return new Command('run')
    .description('run a host on the engine and print what happened')
    .argument('<file>', 'a .hvhost file without errors')
    .option('--host <name>', 'which host, where the file declares several and no scenario names it')
    .option('--scenario <name>', 'play this scenario instead of starting every child; its expectations are checked')
    .addOption(
      new Option(
        '--for <time>',
        'virtual time to run once the host is up (default: 60s, or the length of the scenario)',
      ).argParser(parseDuration),
    )
    .addOption(new Option('--seed <number>', 'seed of everything random').default(1).argParser(parseSeed))
    .option('--json <file>', 'write the result as JSON (- for stdout, instead of the text)')
    .addOption(
      new Option('--report <file.html>', 'write a page that shows the run and needs nothing else').argParser(parseFile),
    )
    .addOption(
      new Option('--trace <file.json>', 'write a timeline for chrome://tracing or Perfetto').argParser(parseFile),
    )
    .addOption(
      new Option(
        '--counters <file>',
        'write performance counters: .csv for Performance Monitor, .prom for Prometheus',
      ).argParser(parseCountersFile),
    )
    .action(run);
}

async function run(file: string, flags: Flags): Promise<void> {
  requireWritable([flags.json, flags.report, flags.trace, flags.counters]);
  const model = await loadHost(file, flags.host, flags.scenario);
  if (model === null) return;
  const options = runOptions(model, flags);

  const snapshots: Snapshot[] = [];
  const ended = await runModel(model, options, (snapshot) => snapshots.push(snapshot));
  if (ended.type === 'refused') {
    console.error(`hvhost: ${ended.reason.message} [${ended.reason.code}]`);
    process.exitCode = EXIT.failed;
    return;
  }
  if (ended.type === 'cancelled') {
    console.error('hvhost: stopped before the end; nothing was written');
    process.exitCode = EXIT.interrupted;
    return;
  }
  await writeResults(model, options, snapshots, ended.result, flags);
  if (ended.result.expectations.some((expectation) => !expectation.met)) process.exitCode = EXIT.failed;
}

const COUNTER_FORMATS = { '.csv': perfMonCsv, '.prom': prometheusText };

function parseFile(path: string): string {
  if (path !== '-') return path;
  throw new InvalidArgumentError('Write the name of a file; on stdout it would be mixed with the result.');
}

function parseCountersFile(path: string): string {
  if (counterFormat(path) !== undefined) return path;
  throw new InvalidArgumentError('Write a file that ends with .csv (Performance Monitor) or .prom (Prometheus).');
}

function counterFormat(path: string): ((host: string, snapshots: Snapshot[]) => string) | undefined {
  return Object.entries(COUNTER_FORMATS).find(([ending]) => path.toLowerCase().endsWith(ending))?.[1];
}

function runOptions(model: HostModel, flags: Flags): RunOptions {
  const scenario = flags.scenario === undefined ? null : findScenario(model, flags.scenario);
  const horizonNs = flags.for ?? (scenario === null ? DEFAULT_LENGTH_NS : scenarioLengthNs(scenario));
  return {
    seed: flags.seed,
    horizonNs,
    scenario: scenario?.name ?? null,
    snapshotEveryNs: Math.ceil(horizonNs / SNAPSHOTS),
    speed: null,
    trace: flags.trace !== undefined,
  };
}

async function writeResults(
  model: HostModel,
  options: RunOptions,
  snapshots: Snapshot[],
  result: RunResult,
  flags: Flags,
): Promise<void> {
  if (flags.json !== '-') console.log(resultText(model, result));
  if (flags.json !== undefined) writeOutput(flags.json, JSON.stringify({ host: model.name, options, result }, null, 2));
  if (flags.trace !== undefined) {
    writeOutput(flags.trace, chromeTrace(result));
    console.error(`trace: ${flags.trace} (open it in chrome://tracing or ui.perfetto.dev)`);
  }
  if (flags.counters !== undefined) {
    writeOutput(flags.counters, counterFormat(flags.counters)?.(model.name, snapshots) ?? '');
    console.error(`counters: ${flags.counters}`);
  }
  if (flags.report !== undefined) {
    const picture = { model, admission: admitHost(model), deviceTrees: deviceTrees(model) };
    const pages = snapshots.map(pageSnapshot);
    const recording: Recording = { picture, options, snapshots: pages, result: { ...result, trace: null } };
    writeOutput(flags.report, reportHtml(recording, await readAssets()));
    console.error(`report: ${flags.report} (open it in a browser)`);
  }
}
