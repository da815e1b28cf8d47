import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeFile } from '../../../src/cli/boot/node-file.js';
import type { DiskFormat } from '../../../src/machine-host/disk/disk-image.js';
import { createDisk, openDisk } from '../../../src/machine-host/disk/open-disk.js';
import { randomOf } from './power-failure.js';

const MB = 1 << 20;
const BYTES = 24 * MB;
const IS_THERE = spawnSync('qemu-img', ['--version']).status === 0;
const QEMU_NAMES = { raw: 'raw', vhd: 'vpc', vhdx: 'vhdx' } as const;

/** qemu-img is the oracle: what we write it reads, what it writes we read. */
describe('disks and qemu-img', () => {
  let folder = '';
  before(function () {
    if (!IS_THERE) {
      console.log('    qemu-img is not installed (Debian: apt-get install qemu-utils): nothing was compared with it');
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'hvhost-qemu-'));
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  const path = (name: string) => join(folder, name);
  const qemuImg = (...args: string[]) => execFileSync('qemu-img', args, { encoding: 'utf8', stdio: 'pipe' });

  /** Something at many places, little of it, and the rest zero. */
  function pattern(seed: number): { content: Uint8Array; writes: { offset: number; data: Uint8Array }[] } {
    const random = randomOf(seed);
    const content = new Uint8Array(BYTES);
    const writes = Array.from({ length: 60 }, () => {
      const offset = random(BYTES / 4096 - 40) * 4096;
      const data = new Uint8Array((1 + random(40)) * 4096).fill(1 + random(255));
      content.set(data, offset);
      return { offset, data };
    });
    return { content, writes };
  }

  for (const format of ['vhd', 'vhdx'] as const) {
    for (const allocation of ['fixed', 'dynamic'] as const) {
      it(`reads our ${allocation} ${format} file, and finds nothing wrong with it`, async () => {
        const { content, writes } = pattern(1);
        const ours = path(`ours-${allocation}.${format}`);
        const file = await NodeFile.open(ours, 'w+');
        await createDisk(file, format, { allocation, bytes: BYTES, parent: null });
        const disk = await openDisk(file, format, { parent: null, readOnly: false });
        for (const { offset, data } of writes) await disk.write(offset, data);
        await disk.trim(4 * MB, 8 * MB);
        content.set(await disk.read(4 * MB, 8 * MB), 4 * MB);
        for (const { offset, data } of writes.slice(0, 20)) {
          await disk.write(offset, data);
          content.set(data, offset);
          await disk.flush();
        }
        await disk.close();
        const info = JSON.parse(qemuImg('info', '-f', QEMU_NAMES[format], '--output=json', ours));
        assert.equal(info['virtual-size'], BYTES);
        writeFileSync(path('expected.img'), content);
        qemuImg('compare', '-f', QEMU_NAMES[format], '-F', 'raw', ours, path('expected.img'));
        if (format === 'vhdx') qemuImg('check', '-f', 'vhdx', ours);
      });

      it(`writes a ${allocation} ${format} file that we read, and write to`, async () => {
        const { content, writes } = pattern(2);
        const theirs = path(`theirs-${allocation}.${format}`);
        writeFileSync(path('content.img'), content);
        const options = format === 'vhd' ? `subformat=${allocation},force_size=on` : `subformat=${allocation}`;
        qemuImg('convert', '-f', 'raw', '-O', QEMU_NAMES[format], '-o', options, path('content.img'), theirs);
        const disk = await openDisk(await NodeFile.open(theirs, 'r+'), format, { parent: null, readOnly: false });
        assert.equal(disk.info().allocation, allocation);
        assert.equal(Buffer.compare(await disk.read(0, BYTES), content), 0);
        for (const { offset } of writes) {
          const data = new Uint8Array(8192).fill(7);
          await disk.write(offset + 4096, data);
          content.set(data, offset + 4096);
        }
        await disk.close();
        writeFileSync(path('expected.img'), content);
        qemuImg('compare', '-f', QEMU_NAMES[format], '-F', 'raw', theirs, path('expected.img'));
        if (format === 'vhdx') qemuImg('check', '-f', 'vhdx', theirs);
      });
    }
  }

  it('replays the log of a VHDX that we did not close, as we do', async () => {
    const ours = path('dirty.vhdx');
    const file = await NodeFile.open(ours, 'w+');
    await createDisk(file, 'vhdx', { allocation: 'dynamic', bytes: BYTES, parent: null });
    const before = readFileSync(ours).subarray(3 * MB, 4 * MB);
    const disk = await openDisk(file, 'vhdx', { parent: null, readOnly: false });
    const { content, writes } = pattern(3);
    for (const { offset, data } of writes) await disk.write(offset, data);
    await disk.flush();
    const killed = readFileSync(ours);
    await disk.close();
    killed.set(before, 3 * MB); // the block table did not reach its place
    writeFileSync(ours, killed);
    writeFileSync(path('expected.img'), content);
    const reader = await openDisk(await NodeFile.open(ours, 'r'), 'vhdx', { parent: null, readOnly: true });
    assert.match(reader.info().unfinished.join(), /log has to be replayed/);
    assert.equal(Buffer.compare(await reader.read(0, BYTES), content), 0);
    await reader.close();
    qemuImg('check', '-r', 'all', '-f', 'vhdx', ours);
    qemuImg('compare', '-f', 'vhdx', '-F', 'raw', ours, path('expected.img'));
  });

  it('makes disks of every block size that we read', async () => {
    for (const [format, megabytes] of [
      ['vhdx', 1],
      ['vhdx', 8],
      ['vhdx', 256],
    ] as [DiskFormat, number][]) {
      const theirs = path(`blocks-${megabytes}.${format}`);
      qemuImg('create', '-f', QEMU_NAMES[format], '-o', `block_size=${megabytes}M`, theirs, '1G');
      const disk = await openDisk(await NodeFile.open(theirs, 'r'), format, { parent: null, readOnly: true });
      assert.equal(disk.info().blockBytes, megabytes * MB);
      assert.equal(disk.bytes, 1024 * MB);
      await disk.close();
    }
  });
});
