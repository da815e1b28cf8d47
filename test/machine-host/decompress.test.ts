import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { decompress } from '../../src/machine-host/decompress.js';
import { unxz } from '../../src/machine-host/xz.js';

const TEXT = 'hvhost '.repeat(3000);

/** As a kernel's build leaves it: packed by the system's tool, the unpacked size behind it. */
function payload(base64: string): Uint8Array {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(TEXT.length);
  return Buffer.concat([Buffer.from(base64, 'base64'), size]);
}

/** What calls.xz was made of: bytes out of which the x86 filter sees jumps everywhere. */
function calls(): Uint8Array {
  const alphabet = [0xe8, 0xe9, 0x00, 0xff, 0x01, 0x90, 0xe8, 0x7f];
  let state = 1;
  return Uint8Array.from({ length: 8192 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return alphabet[(state >>> 16) & 7]!;
  });
}

describe('packed kernels', () => {
  const packed = {
    zstd: 'KLUv/WQIUX0AADhodmhvc3QgAQD+kfZiBHLCPKU=',
    lz4: `AiFMGGMAAAB/aHZob3N0IAcA${'/'.repeat(109)}ztQaG9zdCA=`,
    xz: '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4FIHAEJdADQdiTShUm0bGiRzEDNwX8KXx42dacGFNW/XgLiegDGMVHaPKvQgz2k1ZXELdDpzcg17A5EO8yQ/+RgrXb4KVn/qAAAAADYnokk2NqpEAAFeiKQBAABsooy3scRn+wIAAAAABFla',
  } as const;

  for (const [format, base64] of Object.entries(packed) as [keyof typeof packed, string][]) {
    it(`unpacks ${format}`, async () => {
      const data = await decompress(format, payload(base64));
      assert.equal(Buffer.from(data!).toString(), TEXT);
    });
  }

  it('unpacks gzip', async () => {
    assert.equal(Buffer.from((await decompress('gzip', gzipSync(TEXT)))!).toString(), TEXT);
  });

  it('leaves the rest to the kernel itself', async () => {
    for (const format of ['bzip2', 'lzo', 'lzma'] as const) assert.equal(await decompress(format, payload('')), null);
  });

  it('undoes the x86 filter of xz exactly', async () => {
    const file = readFileSync(new URL('fixtures/calls.xz', import.meta.url));
    assert.deepEqual(await unxz(file), calls());
  });

  it('gives up on a damaged file, so that the kernel may try itself', async () => {
    const file = readFileSync(new URL('fixtures/calls.xz', import.meta.url));
    for (const at of [0, 7, 13, 200, 2000, 4000]) {
      const damaged = Uint8Array.from(file);
      damaged[at] = damaged[at]! ^ 0x55;
      assert.equal(await unxz(damaged), null, `byte ${at}`);
    }
  });
});
