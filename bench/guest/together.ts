import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'out/bench');
/** It lies in the memory of its sender. */
const NETWORK_MB = 20;
const TIMEOUT = '5min';
const CHILD_MB = 96;

/** MB/s of a file that one child gets from another over a virtual switch, as its own clock sees it: the median of three. */
export async function networkMBs(): Promise<number> {
  const sender = `udhcpc -i eth0 -q -n\ndd if=/dev/zero of=/tmp/whole bs=1M count=${NETWORK_MB}\nhttpd -h /tmp\n`;
  const receiver = [
    'udhcpc -i eth0 -q -n',
    'until nslookup sender > /dev/null; do sleep 1; done',
    'until wget -q -O /dev/null http://sender/whole; do sleep 1; done',
    ...Array.from({ length: 3 }, () => 'time wget -q -O /dev/null http://sender/whole'),
  ].join('\n');
  const { printed } = await boot({ receiver, sender }, () => {});
  const times = [...printed.matchAll(/^receiver \| real\s+(\d+)m\s*([\d.]+)s/gm)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  const took = times.sort((a, b) => a - b)[1] ?? 0;
  if (!(took > 0)) throw new Error(`the receiver says no time: ${printed.slice(-3000)}`);
  return NETWORK_MB / took;
}

export interface Together {
  /** From the command until the last shell has answered. */
  seconds: number;
  /** Of the whole process then, for each child. */
  residentMBPerChild: number;
}

/** Children of 96 MB that boot at once, each on a thread of its own. */
export async function bootTogether(count: number): Promise<Together> {
  const script = 'echo "is ""there"\nsleep 3\n';
  const scripts = Object.fromEntries(Array.from({ length: count }, (_, index) => [`child${index}`, script]));
  const from = performance.now();
  let result: Together | null = null;
  await boot(scripts, (printed, pid) => {
    if (result !== null || printed.split(/^\w+ \| is there/m).length - 1 < count) return;
    const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
    result = { seconds: (performance.now() - from) / 1000, residentMBPerChild: resident / count };
  });
  if (result === null) throw new Error('not every child reached its shell');
  return result;
}

/** `hvhost boot` with one child for each script, all on one internal switch; `look` sees what was printed so far. */
async function boot(
  scripts: Record<string, string>,
  look: (printed: string, pid: number) => void,
): Promise<{ printed: string }> {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, 'together.hvhost');
  writeFileSync(file, definition(Object.keys(scripts)));
  const options = Object.entries(scripts).flatMap(([name, text]) => {
    const path = join(FOLDER, `${name}.sh`);
    writeFileSync(path, text);
    return ['--script', `${name}=${path}`];
  });
  const cli = join(ROOT, 'dist/cli.mjs');
  const program = spawn(process.execPath, [cli, 'boot', file, ...options, '--timeout', TIMEOUT]);
  let printed = '';
  let complaints = '';
  program.stdout.on('data', (data: Buffer) => {
    printed += data.toString('latin1');
    look(printed, program.pid ?? 0);
  });
  program.stderr.on('data', (data: Buffer) => {
    complaints += data.toString();
  });
  const status = await new Promise((resolve) => program.once('close', resolve));
  if (status !== 0) throw new Error(`hvhost boot ended with ${status}: ${complaints}\n${printed.slice(-2000)}`);
  return { printed };
}

function definition(children: readonly string[]): string {
  const child = (name: string) => `
    child ${name} "Debian 12" {
        boots  kernel "../guest/vmlinuz" initrd "../guest/initrd.gz" command line "quiet"
        memory ${CHILD_MB} MB
        nic    on Stage
    }`;
  return `import "../../examples/hardware/twin-epyc.hvhost"
host Together on TwinEpyc {
    hypervisor hyper-v 2022
    switch Stage internal
    parent "Windows Server 2022" core { reserve cpu 20 %, memory 2 GB }
${children.map(child).join('\n')}
}
`;
}
