import assert from 'node:assert/strict';
import { createDisk, openDisk } from '../../../src/machine-host/disk/open-disk.js';
import { FaultFile } from './fault-file.js';
import { randomOf } from './power-failure.js';

const MB = 1 << 20;
const ALONE = { parent: null, readOnly: false };

describe('the log of a VHDX', () => {
  it('carries more changes than fit one entry', async () => {
    const file = new FaultFile();
    await createDisk(file, 'vhdx', { allocation: 'dynamic', bytes: 64 * 1024 * MB, blockBytes: MB, parent: null });
    const created = file.journal.length;
    const disk = await openDisk(file, 'vhdx', ALONE);
    const places = Array.from({ length: 100 }, (_, index) => index * 600 * MB);
    for (const [index, offset] of places.entries()) await disk.write(offset, new Uint8Array(512).fill(index + 1));
    await disk.flush();
    const random = randomOf(1);
    for (let run = 0; run < 60; run++) {
      const isFlushed = run % 2 === 0;
      const moment = isFlushed ? file.journal.length : created + random(file.journal.length - created);
      const left = await openDisk(
        file.after(moment, () => random(3) > 0),
        'vhdx',
        ALONE,
      );
      for (const [index, offset] of places.entries()) {
        const [value = -1] = await left.read(offset, 512);
        assert.ok(value === index + 1 || (!isFlushed && value === 0), `place ${index} holds ${value}`);
      }
    }
  });

  it('is refused where it has no valid entry', async () => {
    const file = new FaultFile();
    await createDisk(file, 'vhdx', { allocation: 'dynamic', bytes: 8 * MB, parent: null });
    const disk = await openDisk(file, 'vhdx', ALONE);
    await disk.write(0, new Uint8Array(512).fill(1));
    await disk.flush();
    await file.write(MB, new Uint8Array(512));
    await assert.rejects(openDisk(file, 'vhdx', ALONE), /not closed, and its log has no valid entry/);
  });
});
