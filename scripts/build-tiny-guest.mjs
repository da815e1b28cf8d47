// Builds examples/guest/tiny.bin, a 32-bit ELF executable, from examples/guest/tiny.S with GNU as and ld. The result is
// committed; `--check` fails when it is stale, and says so where the tools are missing.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../examples/guest/', import.meta.url));
export const TINY_GUEST = join(folder, 'tiny.bin');
const LOAD_ADDRESS = '0x100000';

/** The bytes that the source makes, or null where there is no assembler for x86. */
export function assembleTinyGuest() {
  const canAssemble = spawnSync('as', ['--32', '-o', '/dev/null', '/dev/null']).status === 0;
  if (!canAssemble) return null;
  const work = mkdtempSync(join(tmpdir(), 'hvhost-tiny-'));
  try {
    const [object, linked] = [join(work, 'tiny.o'), join(work, 'tiny')];
    execFileSync('as', ['--32', '-o', object, join(folder, 'tiny.S')]);
    const link = ['-m', 'elf_i386', '-N', '-s', '-e', '_start', '-Ttext', LOAD_ADDRESS, '--build-id=none'];
    execFileSync('ld', [...link, '-o', linked, object], { stdio: ['ignore', 'inherit', 'pipe'] });
    return readFileSync(linked);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = assembleTinyGuest();
  if (made === null) {
    console.error('tiny guest: there is no GNU as for 32-bit x86 here; the committed examples/guest/tiny.bin stays');
    process.exitCode = process.argv.includes('--check') ? 0 : 1;
  } else if (process.argv.includes('--check')) {
    process.exitCode = made.equals(readFileSync(TINY_GUEST)) ? 0 : 1;
    if (process.exitCode === 1)
      console.error('tiny guest: examples/guest/tiny.bin is stale; run scripts/build-tiny-guest.mjs');
  } else {
    writeFileSync(TINY_GUEST, made);
    console.log(`tiny guest: ${made.length} bytes`);
  }
}
