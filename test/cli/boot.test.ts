import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elf } from '../runtime/machine/elf-file.js';
import { hvhost, ROOT } from './hvhost.js';

const TINY = 'test/cli/fixtures/tiny.hvhost';
const HALT = elf([0xf4, 0xeb, 0xfd]); // hlt; jmp to it

describe('hvhost boot', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-boot-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A definition whose machine child boots `guest` and has these lines besides. */
  function definition(guest: Uint8Array | null, lines: string): string {
    const file = join(folder, 'host.hvhost');
    const text = readFileSync(join(ROOT, TINY), 'utf8')
      .replace('../../../examples/guest/tiny.bin', 'guest.bin')
      .replace('memory 16 MB', `memory 32 MB\n        ${lines}`);
    writeFileSync(file, text);
    if (guest !== null) writeFileSync(join(folder, 'guest.bin'), guest);
    return file;
  }

  /** Two such children on one switch. */
  function two(): string {
    const file = definition(readFileSync(join(ROOT, 'examples/guest/tiny.bin')), 'nic on Stage');
    const text = readFileSync(file, 'utf8');
    const child = /^ {4}child tiny [\s\S]*?^ {4}\}\n/m.exec(text)?.[0] ?? '';
    writeFileSync(
      file,
      text
        .replace(child, `${child}${child.replace('child tiny', 'child other')}`)
        .replace(/^( {4}hypervisor .*\n)/m, '$1    switch Stage internal\n'),
    );
    return file;
  }

  it('runs the child until it switches itself off, its console on stdout', () => {
    const { status, stdout, stderr } = hvhost(['boot', TINY, '--verbose']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^hypervisor: Microsoft Hv\r\nhypercall page: enabled\r\nvmbus: version 5\.3\r\n/);
    assert.match(stdout, /done\r\n$/);
    assert.match(stderr, /hvhost: connected 5\.3/);
  });

  it('makes disks that are not there, with the declared size', () => {
    const file = definition(readFileSync(join(ROOT, 'examples/guest/tiny.bin')), 'disk "a.img" 8 MB on ssd');
    const { status, stdout } = hvhost(['boot', file]);
    assert.equal(status, 0);
    assert.match(stdout, /offer: ba6163d9/);
    assert.equal(statSync(join(folder, 'a.img')).size, 8 << 20);
  });

  it('makes disks of every format', () => {
    const disks = ['"a.vhd" 8 MB fixed', '"b.vhd" 8 MB', '"c.vhdx" 8 MB', '"d.vhdx" 8 MB differencing from "c.vhdx"'];
    const lines = disks.map((disk) => `disk ${disk} on ssd`).join('\n        ');
    const file = definition(readFileSync(join(ROOT, 'examples/guest/tiny.bin')), lines);
    for (const time of ['first', 'second']) assert.equal(hvhost(['boot', file]).status, 0, `the ${time} time`);
    assert.equal(statSync(join(folder, 'a.vhd')).size, (8 << 20) + 512);
    assert.ok(statSync(join(folder, 'b.vhd')).size < 1 << 20);
    assert.equal(statSync(join(folder, 'd.vhdx')).size, 4 << 20);
  });

  it('turns a child off when its time is over', () => {
    const { status, stderr } = hvhost(['boot', definition(HALT, ''), '--timeout', '1s']);
    assert.equal(status, 1);
    assert.match(stderr, /tiny was turned off because its time was over/);
  });

  it('boots a child again that restarts', () => {
    const resets = elf([0xb0, 0xfe, 0xe6, 0x64, 0xf4]); // out 0x64, 0xfe; hlt
    const { status, stderr } = hvhost(['boot', definition(resets, ''), '--timeout', '5s']);
    assert.equal(status, 1, 'its time was over in the end');
    assert.match(stderr, /tiny restarts/);
  });

  it('boots all children that can where none is named, each behind its name', () => {
    const file = two();
    const script = join(folder, 'script.sh');
    writeFileSync(script, 'true\n');
    const scripts = ['--script', `tiny=${script}`, '--script', `other=${script}`];
    const { status, stdout, stderr } = hvhost(['boot', file, ...scripts]);
    assert.equal(status, 1, 'they end before their scripts');
    for (const name of ['tiny', 'other']) {
      assert.match(stdout, new RegExp(`^${name} \\| hypervisor: Microsoft Hv$`, 'm'));
      assert.match(stderr, new RegExp(`${name} ended before its script did`));
    }
    assert.match(stdout, /offer: f8615163/, 'a network adapter');
  });

  it('gives the terminal to the first child without a script, and ends with it', () => {
    const { status, stdout } = hvhost(['boot', two(), '--child', 'other', '--child', 'tiny']);
    assert.equal(status, 0);
    assert.match(stdout, /^hypervisor: Microsoft Hv\r\n/);
  });

  it('turns several children off when their time is over', () => {
    const file = two();
    writeFileSync(join(folder, 'guest.bin'), HALT);
    const { status, stderr } = hvhost(['boot', file, '--timeout', '1s']);
    assert.equal(status, 1);
    assert.match(stderr, /the children were turned off because their time was over/);
  });

  it('asks whose script it is, and takes none for a child that does not boot', () => {
    const script = join(folder, 'script.sh');
    writeFileSync(script, 'true\n');
    const failure = (...more: string[]) => {
      const { status, stderr } = hvhost(['boot', two(), ...more]);
      assert.equal(status, 2, stderr);
      return stderr;
    };
    assert.match(failure('--script', script), /several children boot: say whose script it is/);
    assert.match(failure('--script', `nobody=${script}`), /child 'nobody' has a script and does not boot/);
    assert.match(failure('--script', `tiny=${script}`, '--script', `tiny=${script}`), /child 'tiny' has two scripts/);
  });

  it('fails when the child ends before its script', () => {
    const script = join(folder, 'script.sh');
    writeFileSync(script, 'true\n');
    const { status, stderr } = hvhost(['boot', TINY, '--script', script]);
    assert.equal(status, 1);
    assert.match(stderr, /tiny ended: power off, before the script did/);
  });

  it('says what it cannot boot, and why', () => {
    const failure = (file: string, ...more: string[]) => {
      const { status, stderr } = hvhost(['boot', file, ...more]);
      assert.equal(status, 2, stderr);
      return stderr;
    };
    assert.match(
      failure(TINY, '--child', 'modelled'),
      /no child 'modelled' of Workbench boots a kernel \(these do: tiny\)/,
    );
    assert.match(failure('examples/cathedral.hvhost'), /no child of Cathedral boots a kernel/);
    assert.match(failure(definition(null, '')), /guest\.bin: the kernel cannot be read/);
    assert.match(failure(definition(Buffer.from('#!/bin/sh'), '')), /guest\.bin: it is too short for a kernel/);
    writeFileSync(join(folder, 'bad.vhdx'), 'not a disk');
    assert.match(failure(definition(HALT, 'disk "bad.vhdx" 8 MB on ssd')), /bad\.vhdx: the file is no VHDX/);
    const child = 'disk "child.vhdx" 8 MB differencing from "base.vhdx" on ssd';
    assert.match(failure(definition(HALT, child)), /base\.vhdx: the disk that another builds on is missing/);
    assert.match(failure(TINY, '--script', 'nowhere.sh'), /nowhere\.sh: the script cannot be read/);
  });
});
