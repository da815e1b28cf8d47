// The main job on the example host: install, build, check it, run it, print the result, write a report.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './setup.mjs';

const root = join(import.meta.dirname, '..');
ensureInstalled(root);
const { build } = await import('./build.mjs');
await build();

mkdirSync(join(root, 'out'), { recursive: true });
const example = 'examples/cathedral.hvhost';
const hvhost = (...args) =>
  spawnSync(process.execPath, ['dist/cli.mjs', ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
process.exitCode = hvhost('check', example) || hvhost('run', example, '--report', 'out/cathedral.html');
