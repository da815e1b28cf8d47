/** Runs the bundled command line as a user does. Needs `npm run build` before. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
/** Longer than the longest test gives its guests, on any machine. */
const HANGS_AFTER_MS = 900_000;
const BUNDLE = join(ROOT, 'dist/cli.mjs');

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

export function hvhost(args: string[], cwd = ROOT): Outcome {
  if (!existsSync(BUNDLE)) throw new Error('dist/cli.mjs is missing: run `npm run build` first');
  const { status, stdout, stderr } = spawnSync(process.execPath, [BUNDLE, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' },
    timeout: HANGS_AFTER_MS,
    maxBuffer: 64 * 1024 ** 2,
  });
  return { status, stdout, stderr };
}
