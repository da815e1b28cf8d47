import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BROADCAST, formatMac, isGroup, macAt, macBytes } from '../../../src/runtime/parent/switch/mac-address.js';

describe('Ethernet address', () => {
  it('is the same number whichever way it went through bytes', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(0xffffff), (high, low) => {
        const mac = (high % 0x1000000) * 0x1000000 + low;
        assert.equal(macAt(macBytes(mac), 0), mac);
      }),
    );
  });

  it('reads as Hyper-V writes it', () => {
    assert.equal(formatMac(0x0015_5d0a_0b0c), '00-15-5D-0A-0B-0C');
  });

  it('knows groups by the lowest bit of the first byte', () => {
    assert.equal(isGroup(BROADCAST), true);
    assert.equal(isGroup(0x0100_5e00_0001), true);
    assert.equal(isGroup(0x0015_5dff_ffff), false);
  });

  it('is not read where the bytes end', () => {
    assert.throws(() => macAt(new Uint8Array(8), 3), RangeError);
  });
});
