import { readFileSync } from 'node:fs';
import type { Shell } from './shell.js';

/** A guest that is being measured, whatever executes it: Debian's kernel with 128 MB and a disk of 64 MB on /dev/sda. */
export interface BenchMachine {
  shell: Shell;
  /** CPU seconds that have been spent on it. */
  cpuSeconds(): number;
  residentMB(): number;
  /** Saves it, starts another one from there, and says how long until its shell answers; missing where it cannot. */
  fromSnapshot?(): Promise<number>;
  close(): Promise<void>;
}

/** Paths of Debian's kernel and of what it starts with. */
export interface GuestFiles {
  kernel: string;
  initrd: string;
}

export const MEMORY_MB = 128;
export const DISK_MB = 64;
/** The same for all, and that of `hvhost boot`. */
export const COMMAND_LINE = 'console=ttyS0 nokaslr mitigations=off noisapnp cryptomgr.notests quiet';

export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** What /proc counts CPU time in. */
const TICKS_PER_SECOND = 100;

/** Of another process; on Linux only. */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export function ownResidentMB(): number {
  return process.memoryUsage.rss() / 2 ** 20;
}
