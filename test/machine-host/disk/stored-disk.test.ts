import assert from 'node:assert/strict';
import { MemoryFile } from '../../../src/machine-host/disk/memory-file.js';
import { readDisk, type StoredFiles, saveDisk } from '../../../src/machine-host/disk/stored-disk.js';
import { openVirtualDisk } from '../../../src/machine-host/disk/virtual-disk.js';
import { MachineError } from '../../../src/machine-host/machine-error.js';
import type { VirtualDisk } from '../../../src/model/host-model.js';

/** Files that fail after some operations, as when the program is ended; a rename deletes its target first. */
class Files implements StoredFiles {
  readonly content = new Map<string, Uint8Array>();
  left = Number.POSITIVE_INFINITY;

  async size(path: string): Promise<number | null> {
    return this.content.get(path)?.length ?? null;
  }

  async read(path: string): Promise<Uint8Array> {
    return this.content.get(path)!;
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.step();
    this.content.set(path, bytes.slice(0, bytes.length / 2));
    this.step();
    this.content.set(path, bytes);
  }

  async rename(from: string, to: string): Promise<void> {
    this.step();
    this.content.delete(to);
    this.step();
    this.content.set(to, this.content.get(from)!);
    this.content.delete(from);
  }

  private step(): void {
    if (this.left-- === 0) throw new Error('ended');
  }
}

const MB = 1 << 20;

function disk(change: Partial<VirtualDisk> = {}): VirtualDisk {
  return {
    file: 'a.img',
    bytes: 1024,
    format: 'raw',
    allocation: 'fixed',
    physicalDisk: 'raid0',
    controller: 'scsi',
    slot: 0,
    ...change,
  };
}

const read = (files: Files, change?: Partial<VirtualDisk>) =>
  readDisk(files, (folder, path) => `${folder}/${path.replace(/^\.\//, '')}`, '/w', disk(change));
const image = (byte: number) => new Uint8Array(1024).fill(byte);

describe('disks in files that are stored as a whole', () => {
  it('are new and empty where there is no file, or an empty one', async () => {
    const files = new Files();
    assert.deepEqual(await read(files), { bytes: image(0), bases: [], isNew: true });
    files.content.set('/w/a.img', new Uint8Array(0));
    assert.deepEqual(await read(files), { bytes: image(0), bases: [], isNew: true });
  });

  it('come back as they were saved, and leave nothing else behind', async () => {
    const files = new Files();
    for (const byte of [1, 2]) {
      await saveDisk(files, '/w/a.img', image(byte));
      assert.deepEqual(await read(files), { bytes: image(byte), bases: [], isNew: false });
    }
    assert.deepEqual([...files.content.keys()], ['/w/a.img']);
  });

  it('are the old or the new one wherever a save is interrupted, the first save included', async () => {
    for (const before of [0, 1]) {
      for (let steps = 0; steps < 7; steps++) {
        const files = new Files();
        if (before > 0) await saveDisk(files, '/w/a.img', image(before));
        files.left = steps;
        const saved = await saveDisk(files, '/w/a.img', image(2)).then(
          () => true,
          () => false,
        );
        files.left = Number.POSITIVE_INFINITY;
        const { bytes } = await read(files);
        const expected = saved ? [2] : [before, 2];
        assert.equal(bytes.length, 1024);
        assert.ok(expected.includes(bytes[0]!) && bytes.every((byte) => byte === bytes[0]), `after ${steps} steps`);
      }
    }
  });

  it('are refused when they are too large for memory', async () => {
    await assert.rejects(read(new Files(), { bytes: 257 * MB }), /at most 256 MB in the editor/);
    await assert.rejects(read(new Files(), { bytes: 1000 }), /no whole number of sectors/);
    const large = await read(new Files(), { bytes: 1024 ** 4, format: 'vhdx', allocation: 'dynamic' });
    assert.ok(large.bytes.length < 16 * MB, 'a dynamic disk takes what is in it');
  });

  it('come with the disks they build on', async () => {
    const files = new Files();
    const shape = { format: 'vhdx', bytes: 4 * MB } as const;
    const base = await read(files, { ...shape, file: 'base.vhdx', allocation: 'dynamic' });
    files.content.set('/w/base.vhdx', base.bytes);
    const middle = { ...shape, file: 'middle.vhdx', allocation: 'differencing', base: 'base.vhdx' } as const;
    files.content.set('/w/middle.vhdx', (await read(files, middle)).bytes);
    const top = { ...shape, file: 'top.vhdx', allocation: 'differencing', base: 'middle.vhdx' } as const;
    const { bytes, bases, isNew } = await read(files, top);
    assert.equal(isNew, true);
    assert.equal(bases.length, 2);
    const opened = await openVirtualDisk(
      disk(top),
      [bytes, ...bases].map((content) => new MemoryFile(content)),
    );
    assert.equal(opened.info().parent?.paths[0], './middle.vhdx');
    await opened.close();
    files.content.delete('/w/base.vhdx');
    await assert.rejects(read(files, top), MachineError);
  });
});
