// Bundles everything that ships. `node scripts/build.mjs [name…]` builds only the named bundles.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build as esbuild } from 'esbuild';
import { thirdPartyNotices } from './third-party-notices.mjs';

const root = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));

const common = { bundle: true, minify: true, legalComments: 'none', logLevel: 'warning', absWorkingDir: root };
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };
const browser = { ...common, platform: 'browser', target: 'es2022' };

/** Every bundle by name. A worker script has no module loader around it, hence IIFE. */
const bundles = {
  extension: {
    ...node,
    external: ['vscode'],
    entryPoints: ['src/extension/extension.ts'],
    outfile: 'dist/extension.cjs',
  },
  server: { ...node, entryPoints: ['src/language/server/main.ts'], outfile: 'dist/server.cjs' },
  engine: { ...node, entryPoints: ['src/extension/worker/engine-node.ts'], outfile: 'dist/engine-worker.cjs' },
  machine: { ...node, entryPoints: ['src/extension/worker/machine-node.ts'], outfile: 'dist/machine-worker.cjs' },
  'web-extension': {
    ...browser,
    format: 'cjs', // VS Code on the web loads an extension as CommonJS too.
    external: ['vscode'],
    entryPoints: ['src/extension/extension-web.ts'],
    outfile: 'dist/web/extension.js',
  },
  'web-server': {
    ...browser,
    format: 'iife',
    entryPoints: ['src/language/server/main-browser.ts'],
    outfile: 'dist/web/server.js',
  },
  'web-engine': {
    ...browser,
    format: 'iife',
    entryPoints: ['src/extension/worker/engine-web.ts'],
    outfile: 'dist/web/engine-worker.js',
  },
  'web-machine': {
    ...browser,
    format: 'iife',
    external: ['node:*', 'crypto', 'fs', 'perf_hooks'], // v86 asks for Node's modules only where it finds Node
    entryPoints: ['src/extension/worker/machine-web.ts'],
    outfile: 'dist/web/machine-worker.js',
  },
  panel: {
    ...browser,
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: { panel: 'src/webview/main.tsx', machine: 'src/webview/machine/machine-page.tsx' },
    outdir: 'dist/webview',
  },
  'panel-style': {
    ...browser,
    entryPoints: { panel: 'src/webview/styles/panel.css', machine: 'src/webview/styles/machine.css' },
    outdir: 'dist/webview',
  },
  'boot-thread': { ...node, entryPoints: ['src/cli/boot/boot-thread.ts'], outfile: 'dist/boot-thread.cjs' },
  cli: {
    ...node,
    format: 'esm',
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.mjs',
    define: { HVHOST_VERSION: JSON.stringify(version) },
    // A bundled CommonJS dependency may call require, which an ES module does not have.
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire as hvhostCreateRequire } from 'node:module';\nconst require = hvhostCreateRequire(import.meta.url);",
    },
  },
};

/** Builds the named bundles; all of them, into an empty folder, when none is named. */
export async function build(names = []) {
  const unknown = names.filter((name) => !(name in bundles));
  if (unknown.length > 0)
    throw new Error(`No bundle is called ${unknown}. There are: ${Object.keys(bundles).join(', ')}.`);
  if (names.length === 0) rmSync(resolve(root, 'dist'), { recursive: true, force: true });
  const metafiles = [];
  for (const name of names.length > 0 ? names : Object.keys(bundles)) {
    metafiles.push((await esbuild({ ...bundles[name], metafile: true })).metafile);
  }
  // Only a whole build knows every package that went in.
  if (names.length === 0)
    writeFileSync(resolve(root, 'dist/THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(root, metafiles));
  // The processor of machine children: the command line and the extension read it from here.
  copyFileSync(resolve(root, 'node_modules/v86/build/v86.wasm'), resolve(root, 'dist/v86.wasm'));
}

if (process.argv[1] === import.meta.filename) await build(process.argv.slice(2));
