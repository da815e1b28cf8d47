import type { ByteFile } from '../byte-file.js';
import { DiskError } from '../disk-error.js';
import { NO_GUID } from '../guid.js';
import type { Header } from './header.js';
import { LARGEST_VHDX, MB, PAGE } from './layout.js';
import { type LogEntry, parseEntry } from './log-entry.js';

/** What the log says that the file must become ([MS-VHDX] 2.3.3). */
interface Replay {
  /** The file must be this long at least. */
  fileBytes: number;
  pages: Map<number, Uint8Array>;
}

/** The headers are not changed through the log. */
const HEADERS_END = 192 << 10;
const ZERO_PAGE = new Uint8Array(PAGE);
/** More zeroing than this in one log is damage: Hyper-V zeroes bitmap blocks of 1 MB this way. */
const MOST_ZEROED = 256 * MB;

/** Throws DiskError where the log is damaged. */
export async function replayLog(file: ByteFile, header: Header): Promise<ReplayedFile> {
  return new ReplayedFile(file, header.logId === NO_GUID ? null : await readLog(file, header));
}

async function readLog(file: ByteFile, { logId, logOffset, logBytes }: Header): Promise<Replay> {
  const sequence = activeSequence(await file.read(logOffset, logBytes), logId);
  const last = sequence.at(-1);
  if (last === undefined) throw new DiskError('the VHDX was not closed, and its log has no valid entry');
  if (last.flushedBytes > file.size) throw new DiskError('the VHDX has become shorter since its log was written');
  if (last.lastBytes > LARGEST_VHDX * 2) throw new DiskError('the log of the VHDX is damaged');
  const replay: Replay = { fileBytes: Math.max(last.lastBytes, file.size), pages: new Map() };
  let zeroed = 0;
  for (const { offset, length, page } of sequence.flatMap(({ changes }) => changes)) {
    if (offset % PAGE !== 0 || length % PAGE !== 0 || offset + length > replay.fileBytes) {
      throw new DiskError('the log of the VHDX writes outside of the file');
    }
    if (offset < HEADERS_END || (offset < logOffset + logBytes && offset + length > logOffset)) {
      throw new DiskError('the log of the VHDX writes over the headers or itself');
    }
    if (page === null) zeroed += length;
    if (zeroed > MOST_ZEROED) throw new DiskError('the log of the VHDX zeroes too much');
    for (let at = 0; at < length; at += PAGE) replay.pages.set(offset + at, page ?? ZERO_PAGE);
  }
  return replay;
}

/** The file as it is once the log is replayed: at first only for who reads, then for good. */
export class ReplayedFile implements ByteFile {
  constructor(
    private readonly file: ByteFile,
    private replay: Replay | null,
  ) {}

  get size(): number {
    return Math.max(this.file.size, this.replay?.fileBytes ?? 0);
  }

  /** The log is not replayed in the file itself. */
  get isPending(): boolean {
    return this.replay !== null;
  }

  /** Writes what the log says to its places. */
  async apply(): Promise<void> {
    if (this.replay === null) return;
    const { fileBytes, pages } = this.replay;
    if (fileBytes > this.file.size) await this.file.truncate(fileBytes);
    for (const [offset, page] of pages) await this.file.write(offset, page);
    this.replay = null;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (this.replay === null) return this.file.read(offset, length);
    const data = new Uint8Array(length);
    const inFile = Math.min(length, this.file.size - offset);
    if (inFile > 0) data.set(await this.file.read(offset, inFile));
    for (let at = offset - (offset % PAGE); at < offset + length; at += PAGE) {
      const page = this.replay.pages.get(at);
      if (page === undefined) continue;
      const from = Math.max(offset, at);
      data.set(page.subarray(from - at, Math.min(PAGE, offset + length - at)), from - offset);
    }
    return data;
  }

  write(offset: number, data: Uint8Array): Promise<void> {
    return this.file.write(offset, data);
  }

  truncate(bytes: number): Promise<void> {
    return this.file.truncate(bytes);
  }

  barrier(): Promise<void> {
    return this.file.barrier();
  }

  flush(): Promise<void> {
    return this.file.flush();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** The unbroken row of entries with the highest last sequence number that has its own tail in it; oldest first. */
function activeSequence(log: Uint8Array, logId: string): LogEntry[] {
  const entries = new Map<number, { entry: LogEntry; bytes: number }>();
  for (let at = 0; at < log.length; at += PAGE) {
    const found = parseEntry(log, at, logId);
    if (found !== null) entries.set(at, found);
  }
  let active: LogEntry[] = [];
  for (const [start, { entry }] of entries) {
    if (entry.sequence <= (active.at(-1)?.sequence ?? -1n)) continue;
    const row = rowUpTo(entries, start, log.length);
    if (row !== null) active = row;
  }
  return active;
}

/** From the tail of the entry at `head` to itself; null where something is missing in between. */
function rowUpTo(
  entries: Map<number, { entry: LogEntry; bytes: number }>,
  head: number,
  logBytes: number,
): LogEntry[] | null {
  const last = entries.get(head)!.entry;
  const row: LogEntry[] = [];
  for (let at = last.tail; row.length < entries.size; ) {
    const found = entries.get(at);
    const previous = row.at(-1);
    if (found === undefined || (previous && found.entry.sequence !== previous.sequence + 1n)) return null;
    row.push(found.entry);
    if (at === head) return row;
    at = (at + found.bytes) % logBytes;
  }
  return null;
}
