// The main job on the example host: install, build, check it, run it, print the result, write a report.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './setup.mjs';

const EXAMPLE = 'examples/cathedral.hvhost';

const root = join(import.meta.dirname, '..');
const node = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
const hvhost = (...args) => {
  console.log(`\n$ hvhost ${args.join(' ')}`);
  return node('dist/cli.mjs', ...args);
};

ensureInstalled(root);
mkdirSync(join(root, 'out'), { recursive: true });
process.exitCode =
  node('scripts/build.mjs') || hvhost('check', EXAMPLE) || hvhost('run', EXAMPLE, '--report', 'out/cathedral.html');
