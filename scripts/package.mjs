// Builds everything and packs it as out/hvhost.vsix, offline. A package that grows beyond its size fails.
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

const LARGEST_MB = 3;

const root = resolve(import.meta.dirname, '..');
const vsix = resolve(root, 'out/hvhost.vsix');
mkdirSync(resolve(root, 'out'), { recursive: true });

run('scripts/build.mjs');
// Everything is bundled, so there are no dependencies to collect.
run('node_modules/@vscode/vsce/vsce', 'package', '--no-dependencies', '--out', vsix);

const megabytes = statSync(vsix).size / 1024 ** 2;
console.log(`out/hvhost.vsix: ${megabytes.toFixed(2)} MB`);
if (megabytes > LARGEST_MB) {
  console.error(`The package may have ${LARGEST_MB} MB. Look at what was added: npx vsce ls --tree`);
  process.exit(1);
}

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
