// Bundles everything that ships. `node scripts/build.mjs [name…]` builds only the named bundles.
import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

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
  engine: { ...node, entryPoints: ['src/extension/worker/node.ts'], outfile: 'dist/engine-worker.cjs' },
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
    entryPoints: ['src/extension/worker/web.ts'],
    outfile: 'dist/web/engine-worker.js',
  },
  panel: {
    ...browser,
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: { panel: 'src/webview/main.tsx' },
    outdir: 'dist/webview',
  },
  'panel-style': { ...browser, entryPoints: { panel: 'src/webview/styles/panel.css' }, outdir: 'dist/webview' },
  cli: {
    ...node,
    format: 'esm',
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.mjs',
    // A bundled CommonJS dependency may call require, which an ES module does not have.
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire as hvhostCreateRequire } from 'node:module';\nconst require = hvhostCreateRequire(import.meta.url);",
    },
  },
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(bundles);
const unknown = names.filter((name) => !(name in bundles));
if (unknown.length > 0) {
  console.error(`No bundle is called ${unknown.join(', ')}. There are: ${Object.keys(bundles).join(', ')}.`);
  process.exit(1);
}

if (process.argv.length === 2) rmSync(resolve(root, 'dist'), { recursive: true, force: true });
for (const name of names) {
  const [entry] = Object.values(bundles[name].entryPoints);
  if (name === 'cli' && !existsSync(resolve(root, entry))) {
    console.warn(`Skipped the bundle ${name}: ${entry} does not exist yet.`);
    continue;
  }
  await build(bundles[name]);
}
