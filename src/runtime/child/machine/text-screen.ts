import type { TextFrame, TextRun } from '../../../protocol/machine.js';
import { characterOf } from './code-page-437.js';
import type { V86TextAdapter } from './v86-platform.js';

/** What a guest asks for beyond this is not shown; real text modes are smaller. */
const MOST_COLUMNS = 160;
const MOST_LINES = 100;
const BLANK = 0x20;

/** The characters on the screen of a PC: v86 tells its screen adapter what its VGA adapter shows, and this listens there. */
export class TextScreen {
  private columns = 0;
  private lineCount = 0;
  private characters = new Uint8Array(0);
  private foreground = new Int32Array(0);
  private background = new Int32Array(0);
  private cursor = { line: 0, column: 0 };
  private cursorShown = false;
  /** Something was shown since the machine was switched on, and since it was asked for. */
  private lit = false;
  private changed = false;

  constructor(adapter: V86TextAdapter) {
    adapter.set_size_text = (columns, lines) => this.resize(columns, lines);
    adapter.put_char = (line, column, character, _flags, background, foreground) =>
      this.put(line, column, character, background, foreground);
    adapter.update_cursor = (line, column) => {
      this.changed ||= line !== this.cursor.line || column !== this.cursor.column;
      this.cursor = { line, column };
    };
    adapter.update_cursor_scanline = (_first, _last, shown) => {
      this.changed ||= shown !== this.cursorShown;
      this.cursorShown = shown;
    };
    this.resize(80, 25);
  }

  /** The whole screen; null where nothing has changed since the last time, unless `everything` is wanted, or it is dark yet. */
  frame(everything = false): TextFrame | null {
    if (!this.lit || !(everything || this.changed)) return null;
    this.changed = false;
    const { line, column } = this.cursor;
    const inside = this.cursorShown && line < this.lineCount && column < this.columns;
    return {
      columns: this.columns,
      lines: Array.from({ length: this.lineCount }, (_, at) => this.runs(at)),
      cursor: inside ? { line, column } : null,
    };
  }

  private resize(columns: number, lines: number): void {
    this.columns = Math.min(columns, MOST_COLUMNS);
    this.lineCount = Math.min(lines, MOST_LINES);
    const cells = this.columns * this.lineCount;
    this.characters = new Uint8Array(cells).fill(BLANK);
    this.foreground = new Int32Array(cells);
    this.background = new Int32Array(cells);
    this.changed = true;
  }

  private put(line: number, column: number, character: number, background: number, foreground: number): void {
    if (line >= this.lineCount || column >= this.columns) return;
    const at = line * this.columns + column;
    const isSame =
      this.characters[at] === character && this.background[at] === background && this.foreground[at] === foreground;
    if (isSame) return;
    this.characters[at] = character;
    this.background[at] = background;
    this.foreground[at] = foreground;
    this.changed = true;
    if (foreground !== background) this.lit = true;
  }

  /** Neighbours of the same colours together. */
  private runs(line: number): TextRun[] {
    const runs: TextRun[] = [];
    let run: TextRun | null = null;
    for (let at = line * this.columns; at < (line + 1) * this.columns; at++) {
      const [foreground, background] = [this.foreground[at]!, this.background[at]!];
      if (run === null || run.foreground !== foreground || run.background !== background) {
        run = { text: '', foreground, background };
        runs.push(run);
      }
      run.text += characterOf(this.characters[at]!);
    }
    return runs;
  }
}
