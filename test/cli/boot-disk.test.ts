import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RawDisk } from '../../src/cli/boot/raw-disk.js';
import { UsageError } from '../../src/cli/exit.js';

describe('hvhost boot: raw disks', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-disk-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('creates the file with its size and no bytes on disk, and keeps what is written', async () => {
    const path = join(folder, 'a.img');
    const disk = await RawDisk.open(path, 64 << 20);
    assert.equal(statSync(path).size, 64 << 20);
    assert.ok(statSync(path).blocks * 512 < 1 << 20);
    assert.deepEqual(await disk.read(4096, 3), new Uint8Array(3));
    await disk.write(4096, Uint8Array.of(1, 2, 3));
    await disk.flush();
    await disk.trim();
    await disk.close();
    assert.deepEqual([...readFileSync(path).subarray(4096, 4099)], [1, 2, 3]);
    const again = await RawDisk.open(path, 64 << 20);
    assert.deepEqual(await again.read(4096, 3), Uint8Array.of(1, 2, 3));
    await again.close();
  });

  it('refuses a file of another size, half a sector and a folder that is not there', async () => {
    const path = join(folder, 'b.img');
    writeFileSync(path, 'not a disk');
    await assert.rejects(RawDisk.open(path, 1024), /has 10 bytes and the definition says 1024/);
    await assert.rejects(RawDisk.open(join(folder, 'c.img'), 1000), /no whole number of sectors/);
    await assert.rejects(RawDisk.open(join(folder, 'nowhere', 'd.img'), 1024), UsageError);
  });
});
