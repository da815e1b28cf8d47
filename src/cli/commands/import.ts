import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { formatText } from '../../language/format-text.js';
import { ImportError } from '../../language/powershell/import/import-error.js';
import { importHost } from '../../language/powershell/import/import-host.js';
import { UsageError } from '../exit.js';
import { writeOutput } from '../files.js';

export function importCommand(): Command {
  return new Command('import')
    .description(
      'write the definition of an existing Hyper-V host, as a PowerShell script has read it (docs/import.md)',
    )
    .argument('<file>', 'the JSON that the script has written; - is stdin')
    .option('--name <name>', "what the host is called; its computer's name where nothing is said")
    .option('--output <file>', 'where the definition goes', '-')
    .action(async (file: string, options: { name?: string; output: string }) => {
      const text = definitionOf(file, options.name);
      writeOutput(options.output, (await formatText(text)) ?? text);
    });
}

function definitionOf(file: string, name: string | undefined): string {
  try {
    return importHost(read(file), name);
  } catch (error) {
    if (error instanceof ImportError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}

function read(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new UsageError(`${file}: cannot be read (${(error as Error).message})`);
  }
}
