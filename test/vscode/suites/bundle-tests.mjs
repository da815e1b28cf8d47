// The mocha suites as one script for an extension host: Node's or the one in a web worker.
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const common = { bundle: true, format: 'cjs', sourcemap: 'inline', logLevel: 'warning' };

export async function bundleHostTests(root) {
  const outfile = join(root, 'out/test/host/index.js');
  await build({
    ...common,
    stdin: entry(root, './support/run-in-node.js'),
    platform: 'node',
    external: ['vscode', 'mocha'],
    outfile,
  });
  return outfile;
}

export async function bundleWebTests(root) {
  const outfile = join(root, 'out/test/web/index.js');
  await build({
    ...common,
    stdin: entry(root, './support/run-in-worker.js'),
    platform: 'browser',
    external: ['vscode'],
    // mocha's browser build looks for `global`; a worker has no node:assert.
    define: { global: 'globalThis' },
    alias: { 'node:assert/strict': join(root, 'test/extension/support/assert.ts') },
    outfile,
  });
  // VS Code finds the host that is to run tests by the extension around them, so the tests become one.
  const manifest = {
    name: 'tests',
    publisher: 'rig',
    version: '0.0.1',
    engines: { vscode: '*' },
    browser: './index.js',
  };
  writeFileSync(join(dirname(outfile), 'package.json'), JSON.stringify({ ...manifest, activationEvents: [] }));
  return outfile;
}

/** mocha's functions must exist before the suites load, so they are loaded by a function. */
function entry(root, runner) {
  const folder = join(root, 'test/extension');
  const suites = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  if (suites.length === 0) throw new Error('test/extension has no suite.');
  const loads = suites.map((name) => `require(${JSON.stringify(`./${name}`)});`).join('\n');
  return {
    contents: `import { runSuites } from '${runner}';\nexport const run = () => runSuites(() => {\n${loads}\n});`,
    resolveDir: folder,
    loader: 'ts',
  };
}
