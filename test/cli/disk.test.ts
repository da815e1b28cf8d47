import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hvhost } from './hvhost.js';

describe('hvhost disk', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-disk-command-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const path = (name: string) => join(folder, name);
  const disk = (...args: string[]) => hvhost(['disk', ...args]);
  const infoOf = (name: string) => JSON.parse(disk('info', '--json', path(name)).stdout);

  it('makes disks of every kind, and tells what they are', () => {
    const made: [name: string, flags: string[]][] = [
      ['a.img', ['--size', '4MB']],
      ['a.vhd', ['--size', '4MB', '--fixed']],
      ['b.vhd', ['--size', '4GB']],
      ['b.vhdx', ['--size', '4TB']],
      ['c.vhdx', ['--size', '4GB', '--block-size', '8MB', '--sector', '4096']],
      ['d.vhdx', ['--base', path('c.vhdx')]],
    ];
    for (const [name, flags] of made) {
      const { status, stderr } = disk('create', path(name), ...flags);
      assert.equal(status, 0, stderr);
    }
    assert.deepEqual([infoOf('a.img').format, infoOf('a.img').bytes], ['raw', 4 << 20]);
    assert.equal(statSync(path('a.vhd')).size, (4 << 20) + 512);
    assert.equal(infoOf('b.vhd').allocation, 'dynamic');
    assert.equal(infoOf('b.vhdx').bytes, 4 * 1024 ** 4);
    const { allocation, bytes, blockBytes, sectorBytes, parent } = infoOf('d.vhdx');
    assert.deepEqual([allocation, bytes, sectorBytes], ['differencing', 4 * 1024 ** 3, 4096]);
    assert.equal(blockBytes, 1 << 20);
    assert.deepEqual(parent.paths, ['./c.vhdx']);
    assert.match(
      disk('info', path('d.vhdx')).stdout,
      /^disk +differencing VHDX, 4 GB\nsectors +4096 bytes\nblocks +0 of 4096 in the file, each of 1 MB$/m,
    );
    const all = disk('check', ...made.map(([name]) => path(name)));
    assert.equal(all.status, 0);
    assert.equal(all.stdout.match(/: fine$/gm)?.length, made.length);
  });

  it('finds what is damaged', () => {
    disk('create', path('base.vhdx'), '--size', '8MB');
    disk('create', path('top.vhdx'), '--base', path('base.vhdx'));
    const bytes = readFileSync(path('base.vhdx'));
    bytes.fill(0xff, 64 << 10, 129 << 10);
    writeFileSync(path('base.vhdx'), bytes);
    const { status, stdout } = disk('check', path('base.vhdx'), path('top.vhdx'));
    assert.equal(status, 1);
    assert.equal(stdout.match(/base\.vhdx: both headers of the VHDX are damaged/g)?.length, 2);
    disk('create', path('cut.vhd'), '--size', '8MB');
    truncateSync(path('cut.vhd'), statSync(path('cut.vhd')).size - 100);
    assert.match(disk('check', path('cut.vhd')).stdout, /was not closed/);
  });

  it('takes a file that is not there for wrong input, not for a damaged disk', () => {
    const { status, stdout, stderr } = disk('check', path('nowhere.vhdx'));
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /nowhere\.vhdx: there is no such file/);
  });

  it('says what it cannot make', () => {
    const failure = (...args: string[]) => {
      const { status, stderr } = disk('create', ...args);
      assert.equal(status, 2, stderr);
      return stderr;
    };
    writeFileSync(path('there.vhdx'), '');
    assert.match(failure(path('there.vhdx'), '--size', '1GB'), /there is such a file already/);
    assert.match(failure(path('new.vhdx')), /needs --size or --base/);
    assert.match(failure(path('new.qcow2'), '--size', '1GB'), /end its name in \.vhdx/);
    assert.match(failure(path('new.vhd'), '--size', '3TB'), /at most 2040 GB; use VHDX/);
    assert.match(failure(path('new.vhdx'), '--size', '100TB'), /cannot hold/);
    assert.match(failure(path('new.vhdx'), '--size', '1GB', '--block-size', '3MB'), /blocks of 3145728 bytes/);
    assert.match(failure(path('new.vhdx'), '--size', 'large'), /Write a size such as 8GB/);
    assert.match(failure(path('new.vhdx'), '--base', path('nowhere.vhdx')), /nowhere\.vhdx: the disk is missing/);
    assert.match(failure(path('nowhere/new.vhdx'), '--size', '1GB'), /cannot be used as a disk/);
  });
});
