import assert from 'node:assert/strict';
import { LinePrefix } from '../../src/cli/boot/line-prefix.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('lines of several guests in one terminal', () => {
  it('come whole, behind the name of their guest', () => {
    const prefix = new LinePrefix('lab');
    assert.equal(prefix.lines(bytes('one\r\ntw')), 'lab | one\n');
    assert.equal(prefix.lines(bytes('o\n')), 'lab | two\n');
  });

  it('are cut where a guest ends none', () => {
    const prefix = new LinePrefix('lab');
    assert.equal(prefix.lines(bytes('x'.repeat(4096))), '');
    assert.equal(prefix.lines(bytes('yz')), `lab | ${'x'.repeat(4096)}yz\n`);
  });
});
