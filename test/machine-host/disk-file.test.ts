import assert from 'node:assert/strict';
import { type DiskFiles, readDiskFile, saveDiskFile } from '../../src/machine-host/disk-file.js';

/** Files that fail after some operations, as when the program is ended; a rename deletes its target first. */
class Files implements DiskFiles {
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

const BYTES = 1024;
const image = (byte: number) => new Uint8Array(BYTES).fill(byte);

describe('disk images in files', () => {
  it('are new and empty where there is no file', async () => {
    const files = new Files();
    assert.deepEqual(await readDiskFile(files, 'a.img', BYTES), { bytes: image(0), isNew: true });
    files.content.set('a.img', new Uint8Array(0));
    assert.deepEqual(await readDiskFile(files, 'a.img', BYTES), { bytes: image(0), isNew: true });
  });

  it('come back as they were saved, and leave nothing else behind', async () => {
    const files = new Files();
    for (const byte of [1, 2]) {
      await saveDiskFile(files, 'a.img', image(byte));
      assert.deepEqual(await readDiskFile(files, 'a.img', BYTES), { bytes: image(byte), isNew: false });
    }
    assert.deepEqual([...files.content.keys()], ['a.img']);
  });

  it('are the old or the new one wherever a save is interrupted', async () => {
    for (let steps = 0; steps < 5; steps++) {
      const files = new Files();
      await saveDiskFile(files, 'a.img', image(1));
      files.left = steps;
      const saved = await saveDiskFile(files, 'a.img', image(2)).then(
        () => true,
        () => false,
      );
      files.left = Number.POSITIVE_INFINITY;
      const { bytes, isNew } = await readDiskFile(files, 'a.img', BYTES);
      assert.equal(isNew, false);
      const expected = saved ? [2] : [1, 2];
      assert.ok(expected.includes(bytes[0]!) && bytes.every((byte) => byte === bytes[0]), `after ${steps} steps`);
    }
  });

  it('are refused when they are too large, of another size or no whole number of sectors', async () => {
    const files = new Files();
    files.content.set('a.img', image(1));
    await assert.rejects(readDiskFile(files, 'a.img', 512), /has 1024 bytes and the definition says 512/);
    await assert.rejects(readDiskFile(files, 'a.img', 1000), /no whole number of sectors/);
    await assert.rejects(readDiskFile(files, 'a.img', 257 << 20), /at most 256 MB in the editor/);
  });
});
