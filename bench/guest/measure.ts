/** Measures one machine in a process of its own and prints the figures as JSON: `measure.mjs NAME FILES`. */
import { type BenchMachine, DISK_MB, type GuestFiles } from './machine.js';
import { ours, oursBare, oursInMemory } from './ours.js';
import { qemu } from './qemu.js';
import { stockV86 } from './stock-v86.js';

const MACHINES: Record<string, (files: GuestFiles) => Promise<BenchMachine>> = {
  ours,
  'ours-in-memory': oursInMemory,
  'ours-bare': oursBare,
  'stock-v86': stockV86,
  qemu,
};
const SETTLE_MS = 2000;
const IDLE_MS = 8000;

export interface Figures {
  bootSeconds: number;
  bootCpuSeconds: number;
  /** Until its shell answers; null where it has no snapshots here. */
  snapshotSeconds: number | null;
  idlePercent: number;
  /** The whole disk, the first time and the median of the next three, when the guest's code has been compiled. */
  firstWriteMBs: number;
  writeMBs: number;
  firstReadMBs: number;
  readMBs: number;
  /** Median of the same three, for each second that a processor spent on it: what other programs take does not count. */
  writeMBsOfCpu: number;
  readMBsOfCpu: number;
  residentMB: number;
}

interface Spent {
  seconds: number;
  cpuSeconds: number;
}

const [name = '', files = ''] = process.argv.slice(2);
const from = performance.now();
const machine = await MACHINES[name]!(JSON.parse(files) as GuestFiles);
await machine.shell.run('test -b /dev/sda');
const bootSeconds = (performance.now() - from) / 1000;
const bootCpuSeconds = machine.cpuSeconds();

await pause(SETTLE_MS);
const before = machine.cpuSeconds();
await pause(IDLE_MS);
const idlePercent = ((machine.cpuSeconds() - before) / (IDLE_MS / 1000)) * 100;

const writes: Spent[] = [];
const reads: Spent[] = [];
for (let round = 0; round < 4; round++) {
  writes.push(await spentOn(`dd if=/dev/zero of=/dev/sda bs=1M count=${DISK_MB} conv=fsync`));
  await machine.shell.run('echo 3 > /proc/sys/vm/drop_caches');
  reads.push(await spentOn('dd if=/dev/sda of=/dev/null bs=1M'));
}
const residentMB = machine.residentMB();
const snapshotMs = (await machine.fromSnapshot?.()) ?? null;
await machine.close();

const figures: Figures = {
  bootSeconds,
  bootCpuSeconds,
  snapshotSeconds: snapshotMs && snapshotMs / 1000,
  idlePercent,
  firstWriteMBs: DISK_MB / writes[0]!.seconds,
  writeMBs: DISK_MB / medianOfLater(writes, ({ seconds }) => seconds),
  firstReadMBs: DISK_MB / reads[0]!.seconds,
  readMBs: DISK_MB / medianOfLater(reads, ({ seconds }) => seconds),
  writeMBsOfCpu: DISK_MB / medianOfLater(writes, ({ cpuSeconds }) => cpuSeconds),
  readMBsOfCpu: DISK_MB / medianOfLater(reads, ({ cpuSeconds }) => cpuSeconds),
  residentMB,
};
console.log(JSON.stringify(figures));
process.exit();

async function spentOn(line: string): Promise<Spent> {
  const before = machine.cpuSeconds();
  const seconds = await machine.shell.secondsOf(line);
  return { seconds, cpuSeconds: machine.cpuSeconds() - before };
}

function medianOfLater([, ...later]: readonly Spent[], pick: (spent: Spent) => number): number {
  return later.map(pick).sort((a, b) => a - b)[Math.floor(later.length / 2)]!;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
