import { Command, Option } from 'commander';
import { exportPowerShell } from '../../language/powershell/export/export-host.js';
import { ExportError } from '../../language/powershell/export/quoting.js';
import type { HostModel } from '../../model/host-model.js';
import { UsageError } from '../exit.js';
import { requireWritable, writeOutput } from '../files.js';
import { loadHost } from '../load-host.js';

export function exportCommand(): Command {
  return new Command('export')
    .description('write a PowerShell script that makes the switches and machines of a Hyper-V host (docs/import.md)')
    .argument('<file>', 'a .hvhost file without errors')
    .addOption(new Option('--format <format>', 'form of the result').choices(['powershell']).default('powershell'))
    .option('--host <name>', 'which host, where the file declares several')
    .option('--output <file>', 'where the script goes', '-')
    .action(async (file: string, options: { host?: string; output: string }) => {
      requireWritable([options.output]);
      const host = await loadHost(file, options.host);
      if (host !== null) writeOutput(options.output, scriptOf(host, file));
    });
}

function scriptOf(host: HostModel, file: string): string {
  try {
    return exportPowerShell(host);
  } catch (error) {
    if (error instanceof ExportError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}
