import assert from 'node:assert/strict';
import { GUEST } from '../../scripts/fetch-linux-guest.mjs';
import { unreadableFile } from '../../src/machine-host/unreadable-file.js';

describe('a file of a child that cannot be read', () => {
  it('is to be fetched where the script for it has not run', () => {
    for (const path of [GUEST.kernel, GUEST.initrd, 'C:\\hvhost\\out\\guest\\vmlinuz'])
      assert.match(unreadableFile(path, 'kernel', 'ENOENT', true), /`node scripts\/fetch-linux-guest\.mjs` gets it/);
  });

  it('is not, where it is there or somebody else should have put it there', () => {
    assert.equal(
      unreadableFile(GUEST.kernel, 'kernel', 'EACCES', false),
      `${GUEST.kernel}: the kernel cannot be read (EACCES)`,
    );
    assert.doesNotMatch(unreadableFile('/guests/vmlinuz', 'kernel', 'ENOENT', true), /fetch/);
  });
});
