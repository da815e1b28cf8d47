import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  decodeStorageCommand,
  encodeStorageCommand,
  type StorageCommand,
} from '../../../src/runtime/vmbus/storage-protocol.js';

const command = fc.record({
  lun: fc.nat(63),
  write: fc.boolean(),
  sector: fc.nat(Number.MAX_SAFE_INTEGER),
  bytes: fc.integer({ min: 1, max: 524_288 }),
});

function empty(): StorageCommand {
  return { lun: 0, write: false, sector: 0, bytes: 0 };
}

describe('storage protocol', () => {
  it('reads back every command', () => {
    fc.assert(
      fc.property(command, (original) => {
        const body = new Uint8Array(8192);
        const length = encodeStorageCommand(body, original, 7);
        const read = empty();
        assert.ok(decodeStorageCommand(body, length, (page) => page >= 7, read));
        assert.deepEqual(read, { ...original });
      }),
    );
  });

  it('refuses pages the child does not have', () => {
    const body = new Uint8Array(8192);
    const length = encodeStorageCommand(body, { lun: 0, write: true, sector: 1, bytes: 8192 }, 99);
    assert.equal(
      decodeStorageCommand(body, length, (page) => page < 100, empty()),
      false,
    );
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(400), (body, length) => {
        const read = empty();
        if (decodeStorageCommand(body, length, () => true, read)) assert.ok(read.bytes > 0);
      }),
    );
  });
});
