import assert from 'node:assert/strict';
import { keystroke } from '../../../src/webview/machine/scan-codes.js';

describe('keys of a browser as those of a PC', () => {
  it('have the codes of set 1', () => {
    // IBM's table: Esc 01, 1 02, Backspace 0E, Tab 0F, Enter 1C, A 1E, left Shift 2A, Z 2C, Space 39, F1 3B, F10 44, keypad . 53.
    const codes: [string, number][] = [
      ['Escape', 0x01],
      ['Digit1', 0x02],
      ['Backspace', 0x0e],
      ['Tab', 0x0f],
      ['Enter', 0x1c],
      ['ControlLeft', 0x1d],
      ['KeyA', 0x1e],
      ['ShiftLeft', 0x2a],
      ['KeyZ', 0x2c],
      ['ShiftRight', 0x36],
      ['Space', 0x39],
      ['F1', 0x3b],
      ['F10', 0x44],
      ['NumpadDecimal', 0x53],
      ['F11', 0x57],
    ];
    for (const [key, code] of codes) assert.deepEqual(keystroke(key, false), { code, prefix: 'none', up: false }, key);
  });

  it('stand behind E0 where the first PC did not have them', () => {
    assert.deepEqual(keystroke('ArrowUp', true), { code: 0x48, prefix: 'e0', up: true });
    assert.deepEqual(keystroke('NumpadEnter', false), { code: 0x1c, prefix: 'e0', up: false });
  });

  it('are none where a PC has none', () => {
    assert.equal(keystroke('BrowserHome', false), null);
  });
});
