import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures } from '../figures.js';

const SOURCE = join(import.meta.dirname, 'simgrid-hv1h.cpp');
const COMPILER = 'g++';
const QUIET = ['--log=root.thres:error', '--cfg=contexts/factory:raw'];

/** Its two configurations: as it comes, and the faster one for a host of many virtual machines. */
export const SIMGRID = [
  { name: 'SimGrid', options: [] },
  { name: 'SimGrid, cpu/optim:Full', options: ['--cfg=cpu/optim:Full'] },
];

/** Compiles HV-1H for SimGrid; the program, or null where this computer has no SimGrid or no compiler. */
export function compileSimgrid(program: string): string | null {
  if (!existsSync('/usr/include/simgrid/s4u.hpp')) return null;
  const options = ['-O3', '-march=native', '-DNDEBUG', '-std=c++17', SOURCE, '-o', program, '-lsimgrid'];
  return spawnSync(COMPILER, options, { stdio: 'inherit' }).status === 0 ? program : null;
}

/** Runs it for so many seconds of virtual time; the CPU seconds are taken up to an hour. */
export function runSimgrid(
  program: string,
  children: number,
  lps: number,
  seconds: number,
  options: string[],
): Figures {
  const output = execFileSync(program, [`${children}`, `${lps}`, `${seconds}`, 'vm', ...QUIET, ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { events, cpu_s } = JSON.parse(output.trim()) as { events: number; cpu_s: number };
  const times = 3600 / seconds;
  return { events: events * times, cpuSeconds: cpu_s * times };
}
