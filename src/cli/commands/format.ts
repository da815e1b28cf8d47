import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { NodeFileSystemProvider } from 'langium/node';
import { openProject } from '../../language/project.js';
import { EXIT } from '../exit.js';
import { definitionFiles, uriOf, writeOutput } from '../files.js';

export function formatCommand(): Command {
  return new Command('format')
    .description('lay out definitions the standard way')
    .argument('<file...>', '.hvhost files, or folders with such files')
    .option('--check', 'change nothing; list the files that would change and exit with 1 if there are any')
    .action(async (paths: string[], options: { check?: boolean }) => {
      const project = openProject(new NodeFileSystemProvider());
      for (const file of definitionFiles(paths)) {
        const formatted = await project.format(uriOf(file));
        if (formatted === null) {
          console.error(`${file}: not formatted, because it does not parse (hvhost check tells where)`);
          process.exitCode = EXIT.failed;
          continue;
        }
        if (formatted === readFileSync(file, 'utf8')) continue;
        console.log(file);
        if (options.check) process.exitCode = EXIT.failed;
        else writeOutput(file, formatted);
      }
    });
}
