import assert from 'node:assert/strict';
import { TextScreen } from '../../../src/runtime/child/machine/text-screen.js';
import type { V86TextAdapter } from '../../../src/runtime/child/machine/v86-platform.js';

const GREY = 0xaaaaaa;
const RED = 0xff0000;

describe('the text screen of a bare machine', () => {
  let adapter: V86TextAdapter;
  let screen: TextScreen;

  beforeEach(() => {
    const nothing = () => {};
    adapter = {
      set_size_text: nothing,
      put_char: nothing,
      update_cursor: nothing,
      update_cursor_scanline: nothing,
    };
    screen = new TextScreen(adapter);
  });

  function print(line: number, column: number, codes: number[], foreground = GREY): void {
    for (const [at, code] of codes.entries()) adapter.put_char(line, column + at, code, 0, 0, foreground);
  }

  it('is dark until something is written that can be seen', () => {
    assert.equal(screen.frame(true), null);
    print(0, 0, [0x41], 0);
    assert.equal(screen.frame(true), null, 'black on black');
    print(0, 0, [0x41]);
    assert.notEqual(screen.frame(), null);
    assert.equal(screen.frame(), null, 'nothing has changed since');
    assert.notEqual(screen.frame(true), null);
  });

  it('gives lines as runs of the same colours, in the characters of the PC', () => {
    adapter.set_size_text(6, 2);
    print(0, 0, [0x48, 0x69, 0x20]);
    print(0, 3, [0xb0, 0x01, 0xfe], RED);
    const frame = screen.frame()!;
    assert.equal(frame.columns, 6);
    assert.deepEqual(frame.lines[0], [
      { text: 'Hi ', foreground: GREY, background: 0 },
      { text: '░☺■', foreground: RED, background: 0 },
    ]);
    assert.deepEqual(frame.lines[1], [{ text: '      ', foreground: 0, background: 0 }]);
  });

  it('shows the cursor where it is, while the guest wants it shown', () => {
    print(0, 0, [0x41]);
    assert.equal(screen.frame()!.cursor, null);
    adapter.update_cursor_scanline(13, 15, true);
    adapter.update_cursor(3, 7);
    assert.deepEqual(screen.frame()!.cursor, { line: 3, column: 7 });
    adapter.update_cursor(99, 0);
    assert.equal(screen.frame()!.cursor, null, 'outside of the screen');
  });

  it('is bounded, whatever the guest asks for', () => {
    adapter.set_size_text(4096, 4096);
    print(4000, 4000, [0x41]);
    print(0, 0, [0x41]);
    const frame = screen.frame()!;
    assert.equal(frame.columns, 160);
    assert.equal(frame.lines.length, 100);
  });
});
