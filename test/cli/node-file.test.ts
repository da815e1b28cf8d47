import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeFile } from '../../src/cli/boot/node-file.js';

describe('a file of this computer', () => {
  let folder: string;
  let path: string;
  let file: NodeFile;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hvhost-'));
    path = join(folder, 'disk');
    file = await NodeFile.open(path, 'w+');
  });

  afterEach(async () => {
    await file.close();
    rmSync(folder, { recursive: true });
  });

  it('is written out of, and read into, more pieces than the system takes at once', async () => {
    const content = Uint8Array.from({ length: 9000 }, (_, at) => at % 251);
    const pieces = Array.from({ length: 3000 }, (_, index) => content.subarray(index * 3, index * 3 + 3));
    file.writeNow(100, [new Uint8Array(0), ...pieces]);
    assert.equal(file.size, 9100);
    assert.deepEqual(new Uint8Array(readFileSync(path).subarray(100)), content);

    const into = Array.from({ length: 1500 }, () => new Uint8Array(6));
    file.readNow(100, [...into, new Uint8Array(0)]);
    assert.deepEqual(new Uint8Array(Buffer.concat(into)), content);
    assert.deepEqual(await file.read(100, 9000), content);
  });

  it('has nothing to do for no bytes', async () => {
    assert.equal((await file.read(0, 0)).length, 0);
    file.readNow(0, []);
    await file.write(7, new Uint8Array(0));
    assert.deepEqual([readFileSync(path).length, file.size], [0, 0]);
  });

  it('says so when somebody has made it shorter', async () => {
    await file.write(0, new Uint8Array(10));
    truncateSync(path, 5);
    assert.throws(() => file.readNow(0, [new Uint8Array(4), new Uint8Array(4)]), /shorter/);
    await assert.rejects(file.read(0, 10), /shorter/);
  });
});
