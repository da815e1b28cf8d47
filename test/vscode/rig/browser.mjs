// One headless Chromium: CHROME_PATH when set, else the unpacked one.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { WAIT_MS } from '../limits.mjs';

export const browserFolder = join(import.meta.dirname, '.chromium');

const ARGUMENTS = [
  '--no-sandbox', // containers rarely allow the sandbox; only our own pages are opened.
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', // offline, even on a machine that is not.
];

/** `env` goes over the environment of this process. */
export function launchBrowser(env = {}) {
  const { executablePath, env: its } = executable();
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...its, ...env },
    headless: true,
    args: ARGUMENTS,
    timeout: WAIT_MS,
  });
}

function executable() {
  if (process.env.CHROME_PATH) return { executablePath: process.env.CHROME_PATH };
  const versions = existsSync(browserFolder)
    ? readdirSync(browserFolder).filter((name) => !name.endsWith('.part'))
    : [];
  const newest = versions.sort().pop();
  if (!newest) throw new Error('There is no browser yet. Run: node test/vscode/setup.mjs');
  const folder = join(browserFolder, newest);
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  };
}
