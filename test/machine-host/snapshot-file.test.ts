import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nodePacking } from '../../src/cli/boot/node-packing.js';
import { crc32 } from '../../src/machine-host/crc32.js';
import { type Packing, webPacking } from '../../src/machine-host/packing.js';
import { readSnapshot, readSnapshotHeader, writeSnapshot } from '../../src/machine-host/snapshot-file.js';
import type { Child } from '../../src/model/host-model.js';
import { SnapshotError } from '../../src/runtime/child/snapshot/plain-state.js';
import { cathedral } from '../model/cathedral.js';

const WHEN = Date.UTC(2031, 3, 4);

function lab(change: Partial<Child> = {}): Child {
  const [child] = cathedral().children;
  return { ...child!, name: 'lab', integrationServicesOff: [], ...change };
}

const state = () => ({ host: { version: 1, timeNs: 5 }, cpu: Uint8Array.from({ length: 5000 }, (_, at) => at % 7) });
const stamps = lab().disks.map((_, index) => `stamp ${index}`);
const file = (packing: Packing = webPacking) => writeSnapshot(lab(), state(), stamps, WHEN, packing);

describe('the file of a snapshot', () => {
  it('gives back what was written, whoever packed it', async () => {
    assert.deepEqual(await readSnapshot(await file(nodePacking), lab(), webPacking, stamps), state());
    assert.deepEqual(await readSnapshot(await file(webPacking), lab(), nodePacking, stamps), state());
  });

  it('tells what it is of without being unpacked', async () => {
    const header = readSnapshotHeader(await file());
    assert.equal(header.child, 'lab');
    assert.equal(header.savedAtMs, WHEN);
    assert.deepEqual(
      header.disks.map(({ stamp }) => stamp),
      stamps,
    );
  });

  it('does not fit another machine, and says what differs', async () => {
    const saved = await file();
    const refused = (child: Child) =>
      readSnapshot(saved, child, webPacking, stamps).then(
        () => 'taken',
        (error: Error) => (error instanceof SnapshotError ? error.message : String(error)),
      );
    assert.match(await refused(lab({ name: 'web' })), /of child lab, not of web/);
    assert.match(await refused(lab({ memory: { kind: 'static', startupBytes: 64 << 20 } })), /memory of .* 67108864/);
    assert.match(await refused(lab({ disks: [] })), /disks: .*none/);
    assert.match(await refused(lab({ integrationServicesOff: ['Heartbeat'] })), /services off: none.*Heartbeat/);
  });

  it('does not go on with a disk that went on without it, unless the disk is put back with it', async () => {
    const saved = await file();
    await assert.rejects(readSnapshot(saved, lab(), webPacking, ['other']), /was written after the snapshot/);
    assert.deepEqual(await readSnapshot(saved, lab(), webPacking, null), state());
  });

  it('is refused in one sentence, whatever has happened to it', async () => {
    const saved = await file();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(saved.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, flip, cut) => {
          const changed = cut ? saved.slice(0, at) : saved.slice();
          if (!cut) changed[at] = changed[at]! ^ flip;
          for (const packing of [webPacking, nodePacking]) {
            const read = await readSnapshot(changed, lab(), packing, null).catch((error: unknown) => error);
            // gzip keeps a few bytes of its own that say nothing of the content
            if (!(read instanceof SnapshotError)) assert.deepEqual(read, state());
          }
        },
      ),
    );
  });

  it('does not reserve the room that a liar asks for', async () => {
    const saved = Buffer.from(await file());
    const headerBytes = saved.readUInt32LE(12);
    const lie = Buffer.from(
      saved.toString('latin1', 20, 20 + headerBytes).replace('"cpuBytes":5000', '"cpuBytes":9e15'),
    );
    const head = Buffer.from(saved.subarray(0, 20));
    head.writeUInt32LE(lie.length, 12);
    head.writeUInt32LE(crc32(lie), 16);
    const liar = Uint8Array.from(Buffer.concat([head, lie, saved.subarray(20 + headerBytes)]));
    await assert.rejects(readSnapshot(liar, lab(), webPacking, stamps), /header\.cpuBytes is no whole number/);
  });

  it('has the checksum of gzip', () => {
    assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  });
});
