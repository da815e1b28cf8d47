import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { Command, Option } from 'commander';
import { HostMemory } from '../../machine-host/host-memory.js';
import { HostNetwork } from '../../machine-host/host-network.js';
import { HostProcessors } from '../../machine-host/host-processors.js';
import { MachineError } from '../../machine-host/machine-error.js';
import { wallClock } from '../../machine-host/wall-clock.js';
import { logicalProcessors, whyNotStarted } from '../../model/admission.js';
import type { Child, HostModel } from '../../model/host-model.js';
import { parseDuration } from '../arguments.js';
import { type BootChild, bootChild } from '../boot/boot-child.js';
import { bootChildren } from '../boot/boot-children.js';
import { Checkpoints } from '../boot/checkpoints.js';
import { scriptLines } from '../boot/script-runner.js';
import { startNeighbours } from '../boot/start-neighbours.js';
import { optimizeOnlyV86 } from '../boot/wasm-tiers.js';
import { EXIT, UsageError } from '../exit.js';
import { loadHost } from '../load-host.js';

interface Flags {
  host?: string;
  child: string[];
  script: string[];
  timeout?: number;
  save?: string;
  restore?: string;
  revert?: string;
  verbose?: boolean;
}

export function bootCommand(): Command {
  return new Command('boot')
    .description(
      "boot children's real kernels and connect the console of one with this terminal (Ctrl-] opens a prompt)",
    )
    .argument('<file>', 'a .hvhost file without errors')
    .option('--host <name>', 'which host, where the file declares several')
    .option('--child <name>', 'which child, again for another; all that boot a kernel where none is named', append, [])
    .option(
      '--script <file>',
      "type the lines of a file into the guest's shell and exit with the status of the last; CHILD=FILE for each of several",
      append,
      [],
    )
    .addOption(new Option('--timeout <time>', 'turn the child off after this time').argParser(parseDuration))
    .option('--save <file>', 'keep the machine in a file where it would be turned off')
    .addOption(new Option('--restore <file>', 'go on with a machine that was saved').conflicts('revert'))
    .option('--revert <checkpoint>', 'put its disks back as they were at a checkpoint, and go on from there')
    .option('--verbose', 'tell on stderr what happens on VMBus')
    .action(boot);
}

async function boot(file: string, flags: Flags): Promise<void> {
  const given = flags.script.map(scriptOf);
  const host = await loadHost(file, flags.host);
  if (host === null) return;
  const children = choose(host, file, flags.child);
  const scripts = assign(given, children);
  const refusals = children.map((child) => whyNotStarted(host, child)).filter((refusal) => refusal !== null);
  if (refusals.length > 0) {
    for (const refusal of new Set(refusals)) console.error(`hvhost: ${refusal}`);
    process.exitCode = EXIT.failed;
    return;
  }
  const network = new HostNetwork(host);
  const common = {
    checkpointsOf: (child: Child) => new Checkpoints(file, host.name, child),
    network,
    memory: new HostMemory(host, wallClock.nowNs),
    folder: dirname(file),
    timeoutMs: flags.timeout === undefined ? null : flags.timeout / 1e6,
    saveTo: flags.save ?? null,
    from: startOf(flags),
    verbose: flags.verbose === true,
  };
  const [only, ...others] = children;
  if (others.length > 0 && (common.saveTo !== null || common.from !== null)) {
    throw new UsageError('--save, --restore and --revert are for one child; choose it with --child');
  }
  await orExplained(optimizeOnlyV86);
  const neighbours = startNeighbours(host, children, network);
  try {
    process.exitCode = await orExplained(() =>
      only !== undefined && others.length === 0
        ? bootChild({ ...common, neighbours, child: only, script: scripts.get(only.name) ?? null })
        : bootChildren({ ...common, neighbours, processors: processorsOf(host), children, scripts }),
    );
  } finally {
    neighbours?.dispose();
  }
}

/** The host has no more processors than what executes it. */
function processorsOf({ hardware }: HostModel): HostProcessors {
  return new HostProcessors(Math.min(logicalProcessors(hardware), availableParallelism()), wallClock.nowNs);
}

async function orExplained<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof MachineError) throw new UsageError(error.message);
    throw error;
  }
}

function startOf({ restore, revert }: Flags): BootChild['from'] {
  if (restore !== undefined) return { file: restore };
  return revert === undefined ? null : { checkpoint: revert };
}

/** The children that were named, or all; each boots a kernel. */
function choose(host: HostModel, file: string, named: readonly string[]): Child[] {
  const machines = host.children.filter((child) => child.kind === 'machine');
  if (machines.length === 0 && named.length === 0) {
    throw new UsageError(
      `${file}: no child of ${host.name} boots a kernel; give one a line such as: boots kernel "vmlinuz"`,
    );
  }
  const names = machines.map((child) => child.name).join(', ');
  for (const name of named) {
    if (machines.some((child) => child.name === name)) continue;
    throw new UsageError(`${file}: no child '${name}' of ${host.name} boots a kernel (these do: ${names || 'none'})`);
  }
  return machines.filter(({ name }) => named.length === 0 || named.includes(name));
}

interface Script {
  /** Whose it is; undefined: it does not say. */
  child: string | undefined;
  lines: string[];
}

/** "FILE" or "CHILD=FILE". */
function scriptOf(text: string): Script {
  const at = text.indexOf('=');
  const child = at < 0 ? undefined : text.slice(0, at);
  return { child, lines: scriptLines(readScript(text.slice(at + 1))) };
}

/** The lines for each child that has some. */
function assign(scripts: readonly Script[], children: readonly Child[]): Map<string, string[]> {
  const assigned = new Map<string, string[]>();
  const only = children.length === 1 ? children[0]!.name : undefined;
  for (const { child = only, lines } of scripts) {
    if (child === undefined) throw new UsageError('several children boot: say whose script it is, as CHILD=FILE');
    if (!children.some(({ name }) => name === child))
      throw new UsageError(`child '${child}' has a script and does not boot`);
    if (assigned.has(child)) throw new UsageError(`child '${child}' has two scripts`);
    assigned.set(child, lines);
  }
  return assigned;
}

function append(value: string, before: string[]): string[] {
  return [...before, value];
}

function readScript(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: the script cannot be read (${(error as Error).message})`);
  }
}
