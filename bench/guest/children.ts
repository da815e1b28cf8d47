import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'out/bench');
const TIMEOUT = '5min';
const CHILD_MB = 96;

export interface ScriptedChild {
  name: string;
  /** For its shell. */
  script: string;
  /** What its definition says beside kernel and memory. */
  says: string;
}

/**
 * `hvhost boot` with children that boot at once, on a host with one logical processor or many; there is an internal switch
 * `Stage`. `look` sees what was printed so far.
 */
export async function bootChildren(
  children: readonly ScriptedChild[],
  look: (printed: string, pid: number) => void = () => {},
  processors: 'one' | 'many' = 'many',
): Promise<{ printed: string }> {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, 'together.hvhost');
  writeFileSync(file, definition(children, processors));
  const options = children.flatMap(({ name, script }) => {
    const path = join(FOLDER, `${name}.sh`);
    writeFileSync(path, script);
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

function definition(children: readonly ScriptedChild[], processors: 'one' | 'many'): string {
  const child = ({ name, says }: ScriptedChild) => `
    child ${name} "Debian 12" {
        boots  kernel "../guest/vmlinuz" initrd "../guest/initrd.gz" command line "quiet"
        memory ${CHILD_MB} MB
        ${says}
    }`;
  const count = processors === 'one' ? 'sockets 1 cores 1 threads 1' : 'sockets 1 cores 32 threads 2';
  return `hardware Bench "A server" {
    processor "A processor" { ${count} frequency 2.9 GHz virtualization on dep on slat on }
    memory    64 GB
    disk      nvme0 "A disk" 3 TB nvme
    nic       lan1 "An adapter" 10 Gb/s
}
host Together on Bench {
    hypervisor hyper-v 2022
    switch Stage internal
    parent "Windows Server 2022" core { reserve cpu 20 %, memory 2 GB }
${children.map(child).join('\n')}
}
`;
}
