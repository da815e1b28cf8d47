import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { UsageError } from '../exit.js';
import type { Row } from './row.js';
import { type RowFormat, rowFormat } from './row-format.js';

/** Rows on disk: each is written and flushed when its run is done, so that a kill costs at most the runs under way. */
export class RowFile {
  private written: number;

  private constructor(
    private readonly path: string,
    private readonly handle: number,
    private readonly format: RowFormat,
    /** What was there before. */
    readonly finished: readonly Row[],
  ) {
    this.written = finished.length;
  }

  /** With `resume` the whole rows of the file are kept; without it there must be no file. Throws UsageError. */
  static open(path: string, labels: readonly string[], sweep: string, resume: boolean): RowFile {
    const format = rowFormat(path, labels);
    const exists = existsSync(path);
    if (exists && !resume) {
      throw new UsageError(
        `${path}: the file is there already; --resume goes on with it, another --out leaves it alone`,
      );
    }
    try {
      const finished = exists ? format.parse(readFileSync(path, 'utf8')) : [];
      if (finished === null) throw new UsageError(`${path}: this is no output of hvhost sweep of ${labels.join(', ')}`);
      if (finished.some((row) => row.sweep !== sweep)) {
        throw new UsageError(
          `${path}: its rows are of another definition, scenario, time or version; use another --out`,
        );
      }
      // Written anew, without a half-written row, and swapped in whole.
      const whole = format.head + finished.map((row, index) => format.row(row, index)).join('');
      writeFileSync(`${path}.tmp`, whole);
      renameSync(`${path}.tmp`, path);
      return new RowFile(path, openSync(path, 'a'), format, finished);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`${path}: cannot be used (${(error as Error).message})`);
    }
  }

  /** Throws UsageError where it cannot, as on a full disk. */
  append(row: Row): void {
    try {
      writeSync(this.handle, this.format.row(row, this.written++));
      fsyncSync(this.handle);
    } catch (error) {
      throw new UsageError(`${this.path}: cannot be written (${(error as Error).message})`);
    }
  }

  /** `complete`: every run is done, so the file gets its end. */
  close(complete: boolean): void {
    if (complete) writeSync(this.handle, this.format.tail);
    closeSync(this.handle);
  }
}
