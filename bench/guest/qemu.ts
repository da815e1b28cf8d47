import { spawn, spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchMachine, COMMAND_LINE, cpuSecondsOf, DISK_MB, type GuestFiles, MEMORY_MB } from './machine.js';
import { Shell } from './shell.js';

const PROGRAM = 'qemu-system-i386';

export function whyNoQemu(): string | null {
  if (spawnSync(PROGRAM, ['--version']).status !== 0) return `there is no ${PROGRAM}`;
  return process.platform === 'linux' ? null : 'its CPU time is only known on Linux';
}

/** QEMU without acceleration by the processor: the PC, an emulated IDE disk in a raw file. */
export async function qemu(files: GuestFiles): Promise<BenchMachine> {
  const folder = mkdtempSync(join(tmpdir(), 'hvhost-bench-'));
  const disk = join(folder, 'disk.img');
  const file = openSync(disk, 'w');
  ftruncateSync(file, DISK_MB * 2 ** 20);
  closeSync(file);
  const hardware = ['-accel', 'tcg', '-m', `${MEMORY_MB}`, '-nographic', '-nodefaults', '-serial', 'stdio'];
  const boots = ['-kernel', files.kernel, '-initrd', files.initrd, '-append', COMMAND_LINE];
  const drive = ['-drive', `file=${disk},format=raw,if=ide`];
  const program = spawn(PROGRAM, [...hardware, ...boots, ...drive], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => program.once('exit', resolve));
  const shell = new Shell((text) => program.stdin.write(text));
  program.stdout.on('data', (data: Buffer) => shell.hear(data.toString('latin1')));
  const about = (name: string) => readFileSync(`/proc/${program.pid}/${name}`, 'utf8');
  return {
    shell,
    cpuSeconds: () => cpuSecondsOf(program.pid ?? 0),
    residentMB: () => Number(/VmRSS:\s+(\d+)/.exec(about('status'))?.[1]) / 1024,
    async close() {
      program.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
