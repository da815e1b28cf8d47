// Runs the extension in a real VS Code: node test/vscode/run.mjs [host|ui|web …] [--packed]
//   host  mocha inside the extension host       ui  a browser drives the workbench       web  as a web extension
// The .vsix is built first and installed; --packed takes the one that is there.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setup, unsupported } from './setup.mjs';

const root = resolve(import.meta.dirname, '../..');
const vsix = resolve(root, 'out/hvhost.vsix');
const SUITES = ['host', 'ui', 'web'];

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = asked.filter((name) => !SUITES.includes(name));
if (unknown.length > 0) fail(`There is no suite ${unknown.join(', ')}; there are ${SUITES.join(', ')}.`);
const reason = unsupported();
if (reason) fail(reason);

await setup();
if (!process.argv.includes('--packed')) {
  const { status } = spawnSync(process.execPath, ['scripts/package.mjs'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) fail('The extension could not be packaged, so nothing was tested.');
}
if (!existsSync(vsix)) fail('There is no out/hvhost.vsix. Run: npm run package');

const failed = [];
for (const suite of asked.length > 0 ? asked : SUITES) {
  console.log(`\n${suite}`);
  const { run } = await import(`./suites/${suite}.mjs`);
  const start = Date.now();
  const problem = await run({ root, vsix }).catch((error) => error.stack);
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  if (problem) failed.push(suite);
  console.log(problem ? `${suite} FAILED after ${seconds} s: ${problem}` : `${suite} passed in ${seconds} s`);
}
process.exit(failed.length > 0 ? 1 : 0);

function fail(message) {
  console.error(message);
  process.exit(1);
}
