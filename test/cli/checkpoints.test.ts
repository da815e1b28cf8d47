import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checkpoints } from '../../src/cli/boot/checkpoints.js';
import { webPacking } from '../../src/machine-host/packing.js';
import { writeSnapshot } from '../../src/machine-host/snapshot-file.js';
import type { Child } from '../../src/model/host-model.js';
import { cathedral } from '../model/cathedral.js';

const MB = 1 << 20;

describe('checkpoints', () => {
  let folder = '';
  const [first] = cathedral().children;
  const child: Child = { ...first!, name: 'lab', disks: [{ ...first!.disks[0]!, file: 'disk.img', bytes: 3 * MB }] };
  const disk = () => join(folder, 'disk.img');
  const kept = () => join(folder, '.hvhost/host.hvhost/checkpoints/Cathedral.lab');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-checkpoints-'));
    writeFileSync(disk(), image(1));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Empty but for a few bytes at its end. */
  function image(mark: number): Buffer {
    return Buffer.alloc(3 * MB + 512).fill(mark, 3 * MB);
  }

  const checkpoints = () => new Checkpoints(join(folder, 'host.hvhost'), 'Cathedral', child);
  const snapshot = (savedAtMs: number) =>
    writeSnapshot(child, { cpu: new Uint8Array(8), host: null }, ['x'], savedAtMs, webPacking);

  it('keep the disks as they were, and put them back', async () => {
    await checkpoints().create('clean install', await snapshot(1000));
    writeFileSync(disk(), image(2));
    await checkpoints().create('später', await snapshot(2000));
    assert.deepEqual(await checkpoints().list(), [
      { name: 'clean install', savedAtMs: 1000 },
      { name: 'später', savedAtMs: 2000 },
    ]);
    await checkpoints().restoreDisks('clean install');
    assert.deepEqual(readFileSync(disk()), image(1));
    await checkpoints().restoreDisks('später');
    assert.deepEqual(readFileSync(disk()), image(2));
    assert.deepEqual(await checkpoints().snapshot('später'), await snapshot(2000));
    assert.deepEqual(readdirSync(folder).sort(), ['.hvhost', 'disk.img']);
  });

  it('are deleted, and their name is free again', async () => {
    await checkpoints().create('a', await snapshot(1000));
    await assert.rejects(checkpoints().create('a', await snapshot(2000)), /there is a checkpoint 'a' already/);
    await checkpoints().delete('a');
    assert.deepEqual(readdirSync(kept()), []);
    await checkpoints().create('a', await snapshot(3000));
    assert.deepEqual(await checkpoints().list(), [{ name: 'a', savedAtMs: 3000 }]);
    await assert.rejects(checkpoints().delete('b'), /there is no checkpoint 'b'/);
  });

  it('that were being made when the power failed are none, and do not stand in the way', async () => {
    mkdirSync(join(kept(), 'a.unfinished'), { recursive: true });
    writeFileSync(join(kept(), 'a.unfinished/disk-0'), 'half of it');
    assert.deepEqual(await checkpoints().list(), []);
    await checkpoints().create('a', await snapshot(1000));
    assert.equal(existsSync(join(kept(), 'a.unfinished')), false);
    await checkpoints().restoreDisks('a');
    assert.deepEqual(readFileSync(disk()), image(1));
  });

  it('have names that are no paths', async () => {
    for (const name of ['', '..', 'a/b', 'a\\b', '.a', 'a.', 'CON', 'com1.x', 'x'.repeat(65), 'a\u0000']) {
      await assert.rejects(checkpoints().create(name, await snapshot(1)), /cannot name a checkpoint/, name);
    }
  });
});
