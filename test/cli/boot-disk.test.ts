import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNodeDisk } from '../../src/cli/boot/node-disk-files.js';
import type { DiskImage } from '../../src/machine-host/disk/disk-image.js';
import { MachineError } from '../../src/machine-host/machine-error.js';
import type { VirtualDisk } from '../../src/model/host-model.js';

const MB = 1 << 20;

describe('hvhost boot: disks', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-disk-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function open(change: Partial<VirtualDisk>): Promise<DiskImage> {
    const disk: VirtualDisk = {
      file: 'a.img',
      bytes: 64 * MB,
      format: 'raw',
      allocation: 'dynamic',
      physicalDisk: 'raid0',
      controller: 'scsi',
      slot: 0,
      ...change,
    };
    return openNodeDisk(disk, folder);
  }

  it('makes a raw file with its size and no bytes on disk, and keeps what is written', async () => {
    const path = join(folder, 'a.img');
    const disk = await open({});
    assert.equal(statSync(path).size, 64 * MB);
    assert.ok(statSync(path).blocks * 512 < MB);
    await disk.write(4096, new Uint8Array(512).fill(3));
    await disk.flush();
    await disk.trim(0, 8192);
    await disk.close();
    assert.deepEqual([...readFileSync(path).subarray(4095, 4098)], [0, 3, 3]);
    const again = await open({});
    assert.deepEqual(await again.read(4096, 512), new Uint8Array(512).fill(3));
    await again.close();
  });

  for (const format of ['vhd', 'vhdx'] as const) {
    it(`makes a ${format} file that grows with what is in it, and shrinks again`, async () => {
      const shape = { file: `a.${format}`, format };
      const size = () => statSync(join(folder, `a.${format}`)).size;
      const disk = await open(shape);
      const empty = size();
      await disk.write(32 * MB, new Uint8Array(4 * MB).fill(5));
      await disk.close();
      assert.ok(size() >= empty + 4 * MB && size() < empty + 8 * MB);
      const again = await open(shape);
      assert.deepEqual(await again.read(32 * MB, 512), new Uint8Array(512).fill(5));
      await again.trim(0, 64 * MB);
      await again.close();
      assert.equal(size(), empty);
    });

    it(`puts a differencing ${format} in a folder of its own on a base that stays as it is`, async () => {
      mkdirSync(join(folder, 'child'));
      const base = { file: `base.${format}`, format } as const;
      const disk = await open(base);
      await disk.write(MB, new Uint8Array(1024).fill(1));
      await disk.close();
      const before = readFileSync(join(folder, base.file));
      const top = { file: `child/top.${format}`, format, allocation: 'differencing', base: base.file } as const;
      const child = await open(top);
      await child.write(MB + 512, new Uint8Array(512).fill(2));
      await child.close();
      const again = await open(top);
      assert.deepEqual([...(await again.read(MB, 1024))].slice(510, 514), [1, 1, 2, 2]);
      assert.equal(again.info().parent?.paths[0], `../base.${format}`);
      await again.close();
      assert.equal(Buffer.compare(readFileSync(join(folder, base.file)), before), 0);
    });

    it(`refuses a ${format} whose base is missing, damaged or was written to`, async () => {
      const base = { file: `base.${format}`, format } as const;
      const top = { file: `top.${format}`, format, allocation: 'differencing', base: base.file } as const;
      await assert.rejects(open(top), /base\.vhdx?: the disk that another builds on is missing/);
      assert.equal(existsSync(join(folder, top.file)), false);
      await (await open(base)).close();
      await (await open(top)).close();
      rmSync(join(folder, base.file));
      await (await open(base)).close();
      await assert.rejects(open(top), /not the disk this one was made from/);
      writeFileSync(join(folder, base.file), 'not a disk');
      await assert.rejects(open(top), MachineError);
    });
  }

  it('refuses a file that is not what the definition says', async () => {
    writeFileSync(join(folder, 'b.img'), 'not a disk');
    await assert.rejects(open({ file: 'b.img' }), /b\.img: 10 bytes are no whole number of sectors/);
    await assert.rejects(open({ file: 'b.img', format: 'vhdx' }), /the file is no VHDX/);
    await assert.rejects(open({ file: 'b.img', format: 'vhd' }), /the file is too short for a VHD/);
    await assert.rejects(open({ bytes: 1000 }), /no whole number of sectors/);
    await assert.rejects(open({ file: 'nowhere/d.img' }), MachineError);
    await assert.rejects(open({ file: '.' }), MachineError);
    await (await open({ file: 'c.vhdx', format: 'vhdx' })).close();
    const other = { file: 'c.vhdx', format: 'vhdx' } as const;
    await assert.rejects(open({ ...other, bytes: 32 * MB }), /holds 67108864 bytes and the definition says 33554432/);
    await assert.rejects(open({ ...other, allocation: 'fixed' }), /is dynamic and the definition says fixed/);
    await assert.rejects(open({ allocation: 'differencing', base: 'c.vhdx' }), /a raw disk cannot be a differencing/);
    await assert.rejects(
      open({ ...other, file: 'c.vhdx', allocation: 'differencing', base: 'c.vhdx' }),
      /builds on itself/,
    );
  });
});
