import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { fileChecker, problemsOf } from '../check-file.js';
import type { Problem } from '../diagnostics/problem.js';
import { sarifReport } from '../diagnostics/sarif.js';
import { textReport } from '../diagnostics/text.js';
import { EXIT } from '../exit.js';
import { definitionFiles } from '../files.js';

declare const HVHOST_VERSION: string;
type Format = 'text' | 'json' | 'sarif';

export function checkCommand(): Command {
  return new Command('check')
    .description('check definitions: names, units, limits of the release, and whether everything starts')
    .argument('<file...>', '.hvhost files, or folders with such files')
    .addOption(new Option('--format <format>', 'form of the result').choices(['text', 'json', 'sarif']).default('text'))
    .action(async (paths: string[], options: { format: Format }) => {
      const files = definitionFiles(paths);
      const check = fileChecker();
      const checked = [];
      for (const file of files) checked.push(await check(file));
      const problems = problemsOf(checked);
      console.log(report(problems, files.length, options.format));
      if (problems.some((problem) => problem.severity === 'error')) process.exitCode = EXIT.failed;
    });
}

function report(problems: Problem[], files: number, format: Format): string {
  if (format === 'json') return JSON.stringify({ version: 1, problems }, null, 2);
  if (format === 'sarif') return sarifReport(problems, HVHOST_VERSION);
  return textReport(problems, files, (path) => readFileSync(path, 'utf8'), process.stdout.isTTY === true);
}
