/**
 * A Debian kernel as a machine child: cold boot, idle cost, disk throughput, memory. One boot, about a minute.
 *
 *   node scripts/fetch-linux-guest.mjs && node --import tsx bench/guest/linux.ts
 *
 * CPU seconds are of the whole process, the compilation of translated code on other threads included.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GUEST } from '../../scripts/fetch-linux-guest.mjs';
import { buildMachine, type Machine } from '../../src/cli/boot/machine.js';
import { ScriptRunner } from '../../src/cli/boot/script-runner.js';
import { wallClock } from '../../src/machine-host/wall-clock.js';
import { cathedral } from '../../test/model/cathedral.js';

const MB = 1 << 20;
const DISK_MB = 64;
const IDLE_MS = 10_000;

let feed: (text: string) => void = () => {};

void main();

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hvhost-bench-'));
  const started = performance.now();
  const machine = await buildMachine({
    child: {
      ...cathedral().children[0]!,
      kind: 'machine',
      processors: { count: 1, reservePercent: 0, limitPercent: 100, weight: 100 },
      memory: { kind: 'static', startupBytes: 128 * MB },
      disks: [
        {
          file: 'disk.img',
          bytes: DISK_MB * MB,
          format: 'raw',
          allocation: 'fixed',
          physicalDisk: 'raid0',
          controller: 'scsi',
          slot: 0,
        },
      ],
      nics: [],
      boots: { kernel: GUEST.kernel, initrd: GUEST.initrd, commandLine: 'quiet' },
    },
    folder,
    state: null,
    adapters: [],
    clock: wallClock,
    console: (bytes) => feed(Buffer.from(bytes).toString('latin1')),
    report: () => {},
    shutdownAnswered: () => {},
    guestTold: () => {},
  });
  const built = performance.now();
  await machine.child.start();
  const boot = await script(machine, []);
  report('kernel unpacked and machine built', `${seconds(built - started)} s`);
  report(
    'cold boot to a shell, from the command on',
    `${seconds(performance.now() - started)} s, CPU ${cpuSeconds()} s`,
  );
  report('  of which the guest ran', `${seconds(boot.elapsed)} s`);

  await new Promise((resume) => setTimeout(resume, 3000));
  const idleFrom = process.cpuUsage();
  await new Promise((resume) => setTimeout(resume, IDLE_MS));
  const idle = process.cpuUsage(idleFrom);
  report('an idle child', `${(((idle.user + idle.system) / 1000 / IDLE_MS) * 100).toFixed(1)} % of a core`);

  const write = await script(machine, [`dd if=/dev/zero of=/dev/sda bs=1M count=${DISK_MB} conv=fsync`]);
  const read = await script(machine, ['echo 3 > /proc/sys/vm/drop_caches', 'dd if=/dev/sda of=/dev/null bs=1M']);
  report('writing the disk through storvsc, with fsync', `${(DISK_MB / (write.elapsed / 1000)).toFixed(1)} MB/s`);
  report('reading it, cache dropped', `${(DISK_MB / (read.elapsed / 1000)).toFixed(1)} MB/s`);
  report('memory of the process, 128 MB of it the guest', `${Math.round(process.memoryUsage().rss / MB)} MB`);
  await machine.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Types lines into the shell; milliseconds until the last is done. */
function script(target: Machine, lines: string[]): Promise<{ elapsed: number }> {
  const from = performance.now();
  return new Promise((resolve) => {
    const type = (text: string) => target.child.sendConsole(Buffer.from(text));
    const runner = new ScriptRunner(lines, type, () => resolve({ elapsed: performance.now() - from }));
    feed = (text) => runner.feed(text);
    if (lines.length > 0) runner.feed('# '); // the shell is there already
  });
}

function report(what: string, value: string): void {
  console.log(`${what.padEnd(48)} ${value}`);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function cpuSeconds(): string {
  const { user, system } = process.cpuUsage();
  return ((user + system) / 1e6).toFixed(1);
}
