import { Command } from 'commander';
import { writeOutput } from '../files.js';
import { loadHost } from '../load-host.js';

export function modelCommand(): Command {
  return new Command('model')
    .description('print the host model that the engine reads, as JSON (schema: docs/schema/host-model.schema.json)')
    .argument('<file>', 'a .hvhost file')
    .option('--host <name>', 'which host, where the file declares several')
    .action(async (file: string, options: { host?: string }) => {
      const host = await loadHost(file, options.host);
      if (host !== null) writeOutput('-', JSON.stringify(host, null, 2));
    });
}
