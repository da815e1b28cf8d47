import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, Option } from 'commander';
import { MachineError } from '../../machine-host/machine-error.js';
import { whyNotStarted } from '../../model/admission.js';
import type { Child, HostModel } from '../../model/host-model.js';
import { type BootChild, bootChild } from '../boot/boot-child.js';
import { scriptLines } from '../boot/script-runner.js';
import { parseDuration } from '../duration.js';
import { EXIT, UsageError } from '../exit.js';
import { loadHost } from '../load-host.js';

interface Flags {
  host?: string;
  child?: string;
  script?: string;
  timeout?: number;
  save?: string;
  restore?: string;
  revert?: string;
  verbose?: boolean;
}

export function bootCommand(): Command {
  return new Command('boot')
    .description("boot a child's real kernel and connect its console with this terminal (Ctrl-] opens a prompt)")
    .argument('<file>', 'a .hvhost file without errors')
    .option('--host <name>', 'which host, where the file declares several')
    .option('--child <name>', 'which child, where several boot a kernel')
    .option('--script <file>', "type the lines of a file into the guest's shell and exit with the status of the last")
    .addOption(new Option('--timeout <time>', 'turn the child off after this time').argParser(parseDuration))
    .option('--save <file>', 'keep the machine in a file where it would be turned off')
    .addOption(new Option('--restore <file>', 'go on with a machine that was saved').conflicts('revert'))
    .option('--revert <checkpoint>', 'put its disks back as they were at a checkpoint, and go on from there')
    .option('--verbose', 'tell on stderr what happens on VMBus')
    .action(boot);
}

async function boot(file: string, flags: Flags): Promise<void> {
  const script = flags.script === undefined ? null : scriptLines(readScript(flags.script));
  const host = await loadHost(file, flags.host);
  if (host === null) return;
  const child = choose(host, file, flags.child);
  const refusal = whyNotStarted(host, child);
  if (refusal !== null) {
    console.error(`hvhost: ${refusal}`);
    process.exitCode = EXIT.failed;
    return;
  }
  process.exitCode = await bootOrExplain({
    child,
    host: host.name,
    folder: dirname(file),
    script,
    timeoutMs: flags.timeout === undefined ? null : flags.timeout / 1e6,
    saveTo: flags.save ?? null,
    from: startOf(flags),
    verbose: flags.verbose === true,
  });
}

async function bootOrExplain(options: BootChild): Promise<number> {
  try {
    return await bootChild(options);
  } catch (error) {
    if (error instanceof MachineError) throw new UsageError(error.message);
    throw error;
  }
}

function startOf({ restore, revert }: Flags): BootChild['from'] {
  if (restore !== undefined) return { file: restore };
  return revert === undefined ? null : { checkpoint: revert };
}

function choose(host: HostModel, file: string, name: string | undefined): Child {
  const machines = host.children.filter((child) => child.kind === 'machine');
  const names = machines.map((child) => child.name).join(', ');
  if (name !== undefined) {
    const child = machines.find((candidate) => candidate.name === name);
    if (child === undefined) {
      throw new UsageError(`${file}: no child '${name}' of ${host.name} boots a kernel (these do: ${names || 'none'})`);
    }
    return child;
  }
  const [only, ...others] = machines;
  if (only === undefined) {
    throw new UsageError(
      `${file}: no child of ${host.name} boots a kernel; give one a line such as: boots kernel "vmlinuz"`,
    );
  }
  if (others.length > 0) throw new UsageError(`${file}: ${names} boot a kernel; choose one with --child`);
  return only;
}

function readScript(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: the script cannot be read (${(error as Error).message})`);
  }
}
