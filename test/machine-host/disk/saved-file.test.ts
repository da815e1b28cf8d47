import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryFile } from '../../../src/machine-host/disk/memory-file.js';
import { SavedFile } from '../../../src/machine-host/disk/saved-file.js';

const BYTES = 1024;

/** A disk whose saves finish when the test says so. */
function session(isNew = false) {
  const kept: { image: Uint8Array; done(): void; fail(): void }[] = [];
  const disk = new SavedFile(new MemoryFile(new Uint8Array(BYTES)), isNew, (image) => {
    return new Promise<void>((resolve, reject) => {
      kept.push({ image, done: resolve, fail: () => reject(new Error('the disk is full')) });
    });
  });
  return { disk, kept };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe('a file in memory that is kept as a whole', () => {
  it('is kept only when it was written', async () => {
    const { disk, kept } = session();
    await disk.flush();
    assert.equal(kept.length, 0);
    const made = session(true);
    const flushed = made.disk.flush();
    await settle();
    made.kept[0]?.done();
    await flushed;
    await made.disk.flush();
    assert.equal(made.kept.length, 1, 'a new disk is kept once');
  });

  it('has flushed when an image with everything written before is kept, not earlier', async () => {
    const { disk, kept } = session();
    await disk.write(0, Uint8Array.of(1));
    const flushed: string[] = [];
    void disk.flush().then(() => flushed.push('first'));
    await settle();
    await disk.write(1, Uint8Array.of(2));
    void disk.flush().then(() => flushed.push('second'));
    void disk.flush().then(() => flushed.push('third'));
    await settle();
    assert.equal(kept.length, 1, 'one save at a time');
    kept[0]?.done();
    await settle();
    assert.deepEqual(flushed, ['first']);
    assert.deepEqual([...kept[1]!.image.subarray(0, 2)], [1, 2]);
    kept[1]?.done();
    await settle();
    assert.deepEqual(flushed, ['first', 'second', 'third']);
    assert.equal(kept.length, 2, 'those who wait share a save');
  });

  it('says when it could not be kept, and tries again with the next flush', async () => {
    const { disk, kept } = session();
    await disk.write(0, Uint8Array.of(1));
    const flushed = disk.flush();
    await settle();
    kept[0]?.fail();
    await assert.rejects(flushed, /the disk is full/);
    const again = disk.flush();
    await settle();
    assert.equal(kept[1]?.image[0], 1);
    kept[1]?.done();
    await again;
  });

  it('keeps a copy that later writes do not change, and grows and shrinks', async () => {
    const { disk, kept } = session();
    await disk.write(BYTES, Uint8Array.of(1, 1));
    void disk.flush();
    await settle();
    await disk.truncate(BYTES + 1);
    assert.deepEqual([...kept[0]!.image.subarray(BYTES)], [1, 1]);
    await disk.truncate(BYTES + 2);
    assert.deepEqual(await disk.read(BYTES, 2), Uint8Array.of(1, 0));
  });

  it('never answers a flush before what was written is kept, whatever the order', async () => {
    const step = fc.constantFrom('write', 'flush', 'done', 'fail', 'settle');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { disk, kept } = session();
        let written = 0;
        let onDisk = 0;
        let next = 0;
        const tooEarly: boolean[] = [];
        for (const what of steps) {
          if (what === 'write') await disk.write(0, Uint8Array.of(++written));
          if (what === 'settle') await settle();
          if (what === 'flush') {
            const before = written;
            disk.flush().then(
              () => tooEarly.push(onDisk < before),
              () => {},
            );
          }
          const save = what === 'done' || what === 'fail' ? kept[next] : undefined;
          if (save === undefined) continue;
          next++;
          if (what === 'done') onDisk = save.image[0]!;
          if (what === 'done') save.done();
          else save.fail();
        }
        await settle();
        assert.ok(!tooEarly.includes(true));
      }),
    );
  });
});
