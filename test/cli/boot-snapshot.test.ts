import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elf } from '../runtime/machine/elf-file.js';
import { hvhost, ROOT } from './hvhost.js';

/** Prints the digits in a circle, counting to a million before each. */
const DIGITS = elf(
  [
    [0xb3, 0x30], // from: mov bl, '0'
    [0xb9, 0x40, 0x42, 0x0f, 0], // next: mov ecx, 1000000
    [0x49, 0x75, 0xfd], // again: dec ecx; jnz again
    [0x88, 0xd8, 0xba, 0xf8, 0x03, 0, 0, 0xee], // mov al, bl; mov edx, 0x3f8; out dx, al
    [0xfe, 0xc3, 0x80, 0xfb, 0x3a, 0x75, 0xe9, 0xeb, 0xe5], // inc bl; cmp bl, '9' + 1; jnz next; jmp from
  ].flat(),
);
/** Until it prints, also on a machine that is slow to start it. */
const LONG_ENOUGH = '4s';
const CIRCLE = '0123456789'.repeat(100_000);

describe('hvhost boot --save and --restore', () => {
  let folder = '';
  let file = '';
  let snapshot = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-snapshot-'));
    file = join(folder, 'host.hvhost');
    snapshot = join(folder, 'lab.hvsnap');
    define('memory 32 MB\n        disk "a.img" 1 MB on ssd');
    writeFileSync(join(folder, 'guest.bin'), DIGITS);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function define(lines: string): void {
    const text = readFileSync(join(ROOT, 'test/cli/fixtures/tiny.hvhost'), 'utf8');
    writeFileSync(file, text.replace('../../../examples/guest/tiny.bin', 'guest.bin').replace('memory 16 MB', lines));
  }

  const save = () => hvhost(['boot', file, '--timeout', LONG_ENOUGH, '--save', snapshot]);
  const restore = (...more: string[]) =>
    hvhost(['boot', file, '--timeout', LONG_ENOUGH, '--restore', snapshot, ...more]);

  it('goes on where it was saved, again and again, without its kernel', () => {
    const first = save();
    assert.equal(first.status, 0, first.stderr);
    rmSync(join(folder, 'guest.bin'));
    const second = restore('--save', snapshot);
    assert.equal(second.status, 0, second.stderr);
    const third = restore();
    assert.match(third.stderr, /its time was over/);
    const printed = first.stdout + second.stdout + third.stdout;
    assert.ok(printed.length > 3);
    assert.ok(CIRCLE.startsWith(printed), printed.slice(0, 200));
  });

  it('refuses a machine that is another now, a disk that went on without it, and what is no snapshot', () => {
    assert.equal(save().status, 0);
    define('memory 64 MB\n        disk "a.img" 1 MB on ssd');
    assert.match(restore().stderr, /lab\.hvsnap: the snapshot is of another machine: it was saved with memory of/);
    define('memory 32 MB\n        disk "a.img" 1 MB on ssd');
    utimesSync(join(folder, 'a.img'), new Date(), new Date());
    const changed = restore();
    assert.equal(changed.status, 2);
    assert.match(changed.stderr, /a\.img was written after the snapshot/);
    writeFileSync(snapshot, 'no');
    assert.match(restore().stderr, /this is no snapshot of a machine child/);
    rmSync(snapshot);
    assert.match(restore().stderr, /the snapshot cannot be read/);
  });

  it('refuses a checkpoint that is not there, and to go on from two places', () => {
    const { status, stderr } = hvhost(['boot', file, '--revert', 'monday']);
    assert.equal(status, 2);
    assert.match(stderr, /there is no checkpoint 'monday'/);
    assert.equal(restore('--revert', 'monday').status, 2);
  });
});
