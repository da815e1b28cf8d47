import { Command, CommanderError } from 'commander';
import { benchCommand } from './commands/bench.js';
import { bootCommand } from './commands/boot.js';
import { checkCommand } from './commands/check.js';
import { diskCommand } from './commands/disk.js';
import { exportCommand } from './commands/export.js';
import { formatCommand } from './commands/format.js';
import { importCommand } from './commands/import.js';
import { modelCommand } from './commands/model.js';
import { runCommand } from './commands/run.js';
import { sweepCommand } from './commands/sweep.js';
import { testCommand } from './commands/test.js';
import { EXIT, UsageError } from './exit.js';
import { watchStdout } from './stdout-errors.js';

declare const HVHOST_VERSION: string;

const program = new Command('hvhost')
  .description(
    'Virtualization hosts as code: check, run and compare hosts defined in .hvhost files.\n' +
      'Results go to stdout, progress and trouble to stderr.',
  )
  .version(HVHOST_VERSION)
  .addCommand(checkCommand())
  .addCommand(runCommand())
  .addCommand(testCommand())
  .addCommand(benchCommand())
  .addCommand(sweepCommand())
  .addCommand(bootCommand())
  .addCommand(diskCommand())
  .addCommand(importCommand())
  .addCommand(exportCommand())
  .addCommand(formatCommand())
  .addCommand(modelCommand())
  .showHelpAfterError('(hvhost help COMMAND tells what it takes)')
  .addHelpText(
    'after',
    `
Examples:
  hvhost check host.hvhost                     will it start, and is it supported?
  hvhost run host.hvhost --for 5min --report host.html
  hvhost test hosts/ --format junit > scenarios.xml
  hvhost bench host.hvhost                     the same work on every hypervisor of its benchmarks
  hvhost sweep host.hvhost --vary 'child web weight 100,200,400'
  hvhost boot lab.hvhost --child lab
  hvhost disk check data.vhdx
  hvhost import host.json --output host.hvhost an existing Hyper-V host as a definition
  hvhost check . --format sarif > hvhost.sarif
  hvhost format --check hosts/

Exit codes: 0 fine, 1 the definition or a check failed, 2 wrong usage or unreadable input, 70 a defect of hvhost.`,
  );

const commands = program.commands.flatMap((command) => [command, ...command.commands]);
for (const command of [program, ...commands]) command.exitOverride();

watchStdout();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  if (error instanceof UsageError) {
    console.error(`hvhost: ${error.message}`);
    return EXIT.usage;
  }
  // Node would print the line of the bundle, too, which is all of it.
  console.error(`hvhost: this is a defect of hvhost\n${error instanceof Error ? error.stack : String(error)}`);
  return EXIT.defect;
}
