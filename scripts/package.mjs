// Builds everything and packs it as out/hvhost.vsix, offline. A package that grows beyond its size fails.
import { mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { build } from './build.mjs';

const LARGEST_MB = 3;

const root = resolve(import.meta.dirname, '..');
const vsix = resolve(root, 'out/hvhost.vsix');
mkdirSync(resolve(root, 'out'), { recursive: true });

await build();
// Everything is bundled, so there are no dependencies to collect.
await createVSIX({ cwd: root, packagePath: vsix, dependencies: false });

const megabytes = statSync(vsix).size / 1024 ** 2;
console.log(`out/hvhost.vsix: ${megabytes.toFixed(2)} MB`);
if (megabytes > LARGEST_MB) {
  console.error(`The package may have ${LARGEST_MB} MB. Look at what was added: npx vsce ls --tree`);
  process.exit(1);
}
