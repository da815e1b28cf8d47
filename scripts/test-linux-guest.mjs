// Boots an unmodified Debian kernel on our Hyper-V and looks at what it says: one boot, one that is saved and goes on, then
// two children on one switch; about a minute. Skips, saying why,
// where Debian's packages are not to be had.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureLinuxGuest } from './fetch-linux-guest.mjs';

const root = join(import.meta.dirname, '..');
const trouble = ensureLinuxGuest();
if (trouble !== null) {
  console.log(`linux guest: skipped, ${trouble}`);
} else {
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
  const suites = ['test/runtime/machine/*.slow.ts', 'test/cli/boot-linux.slow.ts'];
  const args = [mocha, ...suites, '--reporter', 'spec'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', timeout: 2_700_000 });
  process.exitCode = status ?? 1;
}
