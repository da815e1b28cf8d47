import type { ByteFile } from '../byte-file.js';
import { NO_GUID, newGuid } from '../guid.js';
import { type Header, writeHeader } from './header.js';
import { PAGE } from './layout.js';
import { encodeEntry, entryBytes } from './log-entry.js';

/**
 * Changes metadata through the log. What one entry changes is on disk before the next is written, so each entry needs no
 * older one: it is its own tail, and replaying the newest is enough.
 */
export class LogWriter {
  private at = 0;
  private sequence = 1n;
  private readonly id = newGuid();

  /** `header`: with an empty log. */
  constructor(
    private readonly file: ByteFile,
    public header: Header,
  ) {}

  /** How many pages fit an entry. Three entries fit the log, so that one never overwrites the one before. */
  get mostPages(): number {
    let pages = Math.floor(this.header.logBytes / 3 / PAGE);
    while (entryBytes(pages) > this.header.logBytes / 3) pages--;
    return pages;
  }

  /** Resolves when the pages are safe: in the log, and on their way to their places. Everything before is safe too. */
  async write(pages: [offset: number, page: Uint8Array][]): Promise<void> {
    const { logOffset, logBytes } = this.header;
    if (this.at + entryBytes(pages.length) > logBytes) this.at = 0;
    await this.file.barrier();
    const place = { sequence: this.sequence, tail: this.at, flushedBytes: this.file.size, lastBytes: this.file.size };
    const entry = encodeEntry(this.id, place, pages);
    await this.file.write(logOffset + this.at, entry);
    if (this.header.logId !== this.id) await this.begin();
    await this.file.flush();
    this.at += entry.length;
    this.sequence++;
    for (const [offset, page] of pages) await this.file.write(offset, page);
  }

  /** Says that the log is empty, once everything in it has reached its place; gives the header that says so. */
  async close(): Promise<Header> {
    await this.file.barrier();
    this.header = await writeHeader(this.file, { ...this.header, logId: NO_GUID });
    await this.file.flush();
    return this.header;
  }

  /** The header names the log only when there is an entry in it: a log without one would be a damaged file. */
  private async begin(): Promise<void> {
    await this.file.barrier();
    this.header = await writeHeader(this.file, { ...this.header, logId: this.id });
  }
}
