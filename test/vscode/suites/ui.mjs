// Ordinary mocha in this process's Node; each suite drives a workbench in a browser.
import { spawnSync } from 'node:child_process';
import { TEST_MS } from '../limits.mjs';

/** Null when all passed, else what failed. */
export async function run({ root, vsix }) {
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/mocha/bin/mocha.js',
      ...['--no-config', '--import=tsx', '--reporter=spec', `--timeout=${TEST_MS}`],
      // A workbench on a busy machine can lose a click. A test that needed its second chance is named.
      ...['--retries=1', '--require=test/ui/support/second-chances.ts'],
      ...['--fail-zero', '--forbid-only', '--forbid-pending', 'test/ui/*.test.ts'],
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, HVHOST_VSIX: vsix } },
  );
  return status === 0 ? null : 'see above';
}
