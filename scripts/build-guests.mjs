// Builds our own guests, 32-bit ELF executables, from their assembler sources with GNU as and ld. The results are
// committed; `--check` fails when one is stale, and says so where the tools are missing.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const inRepository = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
/** For examples and tests: finds the hypervisor and says what it found. */
export const TINY_GUEST = inRepository('examples/guest/tiny.bin');
/** For tests: attacks its host. */
export const HOSTILE_GUEST = inRepository('test/guest/hostile.bin');
/** What both of them begin with. */
const INCLUDED = inRepository('examples/guest');
const LOAD_ADDRESS = '0x100000';

/** The bytes that a guest's source makes, or null where there is no assembler for x86. */
export function assembleGuest(binary) {
  const canAssemble = spawnSync('as', ['--32', '-o', '/dev/null', '/dev/null']).status === 0;
  if (!canAssemble) return null;
  const work = mkdtempSync(join(tmpdir(), 'hvhost-guest-'));
  try {
    const [object, linked] = [join(work, 'guest.o'), join(work, 'guest')];
    execFileSync('as', ['--32', '-I', INCLUDED, '-o', object, binary.replace(/\.bin$/, '.S')]);
    const link = ['-m', 'elf_i386', '-N', '-s', '-e', '_start', '-Ttext', LOAD_ADDRESS, '--build-id=none'];
    execFileSync('ld', [...link, '-o', linked, object], { stdio: ['ignore', 'inherit', 'pipe'] });
    return readFileSync(linked);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const checking = process.argv.includes('--check');
  for (const binary of [TINY_GUEST, HOSTILE_GUEST]) {
    const made = assembleGuest(binary);
    if (made === null) {
      console.error(`there is no GNU as for 32-bit x86 here; the committed ${binary} stays`);
      if (!checking) process.exitCode = 1;
    } else if (!checking) {
      writeFileSync(binary, made);
      console.log(`${binary}: ${made.length} bytes`);
    } else if (!made.equals(readFileSync(binary))) {
      console.error(`${binary} is stale; run scripts/build-guests.mjs`);
      process.exitCode = 1;
    }
  }
}
