import { Command, Option } from 'commander';
import type { Benchmark, HostModel } from '../../model/host-model.js';
import type { Snapshot } from '../../protocol/snapshot.js';
import { parseDuration, parseSeed } from '../arguments.js';
import { type Measurement, measure, refusedMeasurement } from '../bench/measurement.js';
import { benchmarkText } from '../bench/text.js';
import { onHypervisor } from '../bench/variants.js';
import { EXIT, UsageError } from '../exit.js';
import { definitionFile, requireWritable, writeOutput } from '../files.js';
import { loadFile } from '../load-host.js';
import { runModel } from '../run-model.js';

interface Flags {
  benchmark?: string;
  for: number;
  seed: number;
  json?: string;
}

const SNAPSHOTS = 240;

export function benchCommand(): Command {
  return new Command('bench')
    .description('run the same partitions and work on every hypervisor of a benchmark and compare them')
    .argument('<file>', 'a .hvhost file without errors that declares benchmarks')
    .option('--benchmark <name>', 'only this one')
    .addOption(
      new Option('--for <time>', 'virtual time to run once the host is up')
        .default(60e9, '60s')
        .argParser(parseDuration),
    )
    .addOption(new Option('--seed <number>', 'seed of everything random').default(1).argParser(parseSeed))
    .option('--json <file>', 'write the measurements as JSON (- for stdout, instead of the text)')
    .action(bench);
}

async function bench(path: string, flags: Flags): Promise<void> {
  requireWritable([flags.json]);
  const checked = await loadFile(definitionFile(path));
  if (checked === null) return;
  const outcomes = [];
  for (const { model, benchmark } of chosen(path, checked.hosts, flags.benchmark)) {
    const measured = await compare(model, benchmark, flags);
    if (measured === null) {
      console.error('hvhost: stopped before the end; nothing was written');
      process.exitCode = EXIT.interrupted;
      return;
    }
    outcomes.push({ model, benchmark, measured });
    if (measured.some(({ refused }) => refused !== null)) process.exitCode = EXIT.failed;
  }
  const run = { horizonNs: flags.for, seed: flags.seed };
  if (flags.json !== '-')
    console.log(
      outcomes.map(({ model, benchmark, measured }) => benchmarkText(model, benchmark, run, measured)).join('\n\n'),
    );
  if (flags.json === undefined) return;
  const plain = outcomes.map(({ model, benchmark, measured }) => ({
    host: model.name,
    benchmark: benchmark.name,
    measurements: measured,
  }));
  writeOutput(flags.json, JSON.stringify({ run, benchmarks: plain }, null, 2));
}

function chosen(path: string, hosts: HostModel[], name: string | undefined) {
  const all = hosts.flatMap((model) => model.benchmarks.map((benchmark) => ({ model, benchmark })));
  const picked = all.filter(({ benchmark }) => name === undefined || benchmark.name === name);
  if (picked.length > 0) return picked;
  if (name === undefined) throw new UsageError(`${path}: it declares no benchmark`);
  const names = all.map(({ benchmark }) => benchmark.name).join(', ');
  throw new UsageError(`${path}: there is no benchmark '${name}' (it declares ${names || 'none'})`);
}

/** Null when the user stopped it. */
async function compare(model: HostModel, benchmark: Benchmark, flags: Flags): Promise<Measurement[] | null> {
  const measured: Measurement[] = [];
  for (const hypervisor of benchmark.compare) {
    const variant = onHypervisor(model, hypervisor);
    const snapshots: Snapshot[] = [];
    const options = {
      seed: flags.seed,
      horizonNs: flags.for,
      scenario: null,
      snapshotEveryNs: Math.max(1, Math.ceil(flags.for / SNAPSHOTS)),
      speed: null,
      trace: false,
    };
    const ended = await runModel(variant, options, (snapshot) => snapshots.push(snapshot));
    if (ended.type === 'cancelled') return null;
    measured.push(
      ended.type === 'refused'
        ? refusedMeasurement(variant, ended.reason.message)
        : measure(variant, snapshots, ended.result),
    );
  }
  return measured;
}
