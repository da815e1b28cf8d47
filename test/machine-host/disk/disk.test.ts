import assert from 'node:assert/strict';
import fc from 'fast-check';
import { make, reopened, SHAPES } from './shapes.js';

/** What a guest does; positions are parts of the disk, so that they fit every shape. */
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant('write' as const), fc.nat(9999), fc.nat(40)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('write blocks' as const), fc.nat(9999), fc.nat(2)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('trim' as const), fc.nat(9999), fc.nat(9999)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('flush' as const), fc.constant(0), fc.constant(0)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('settle' as const), fc.constant(0), fc.constant(0)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('reopen' as const), fc.constant(0), fc.constant(0)) },
  ),
  { maxLength: 25 },
);

for (const shape of SHAPES) {
  describe(`a ${shape.title} disk`, () => {
    it('gives back what was written, whatever else happens', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (what) => {
          const made = await make(shape);
          const { content, open } = made;
          let { file } = made;
          let disk = await open(file);
          const { bytes, sectorBytes } = disk;
          const blockBytes = disk.info().blockBytes ?? 8192;
          let tag = 1;
          for (const [kind, position, size] of what) {
            const sector = Math.floor((position / 10_000) * (bytes / sectorBytes));
            const offset = sector * sectorBytes;
            if (kind === 'write' || kind === 'write blocks') {
              const length = kind === 'write' ? (size + 1) * sectorBytes : size * blockBytes + sectorBytes;
              const data = new Uint8Array(Math.min(length, bytes - offset)).fill(tag++);
              await disk.write(offset, data);
              content.set(data, offset);
            } else if (kind === 'trim') {
              const length = Math.floor((size / 10_000) * ((bytes - offset) / sectorBytes)) * sectorBytes;
              await disk.trim(offset, length);
              const now = await disk.read(offset, length);
              assert.ok(now.every((byte, at) => byte === 0 || byte === content[offset + at]));
              content.set(now, offset);
            } else if (kind === 'flush') await disk.flush();
            else if (kind === 'settle') await disk.settle();
            else {
              await disk.close();
              file = reopened(file);
              disk = await open(file);
            }
          }
          assert.deepEqual(await disk.read(0, bytes), content);
          await disk.close();
          const again = await open(reopened(file), true);
          assert.deepEqual(await again.read(0, bytes), content);
          assert.deepEqual(again.info().unfinished, []);
        }),
        { numRuns: 25 },
      );
    });

    it('changes nothing in its file when it is only read', async () => {
      const { file, open } = await make(shape);
      const disk = await open(file);
      await disk.read(0, disk.bytes);
      await disk.flush();
      await disk.close();
      assert.deepEqual(
        file.journal.filter((change) => change !== null),
        [],
      );
    });

    it('leaves its file alone when it is closed after it was settled', async () => {
      const { file, open } = await make(shape);
      const disk = await open(file);
      for (const value of [1, 2]) {
        await disk.write(0, new Uint8Array(disk.sectorBytes).fill(value));
        await disk.settle();
        const copy = await open(reopened(file), true);
        assert.deepEqual(copy.info().unfinished, []);
        assert.equal((await copy.read(0, disk.sectorBytes))[0], value);
      }
      const { length } = file.journal;
      await disk.close();
      assert.ok(file.journal.slice(length).every((change) => change === null));
    });

    it('can be opened for reading only', async () => {
      const { file, open } = await make(shape);
      const disk = await open(file, true);
      await assert.rejects(disk.write(0, new Uint8Array(disk.sectorBytes)), /for reading only/);
    });
  });
}
