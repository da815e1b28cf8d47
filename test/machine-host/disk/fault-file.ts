import type { ByteFile } from '../../../src/machine-host/disk/byte-file.js';

const SECTOR = 512;

/** Sectors by number; those that are missing are zero. */
type Sectors = Map<number, Uint8Array>;
type Change = { kind: 'sector'; number: number; bytes: Uint8Array; end: number } | { kind: 'truncate'; bytes: number };

/**
 * A file on a disk that loses power: it remembers every change since it was opened and where a barrier or flush was, so
 * that a test can ask what may be left at any moment. Between barriers the disk writes whole sectors in any order.
 */
export class FaultFile implements ByteFile {
  size: number;
  /** Changes and barriers (null) since the file was opened. */
  readonly journal: (Change | null)[] = [];
  private readonly now: Sectors;

  constructor(
    private readonly first: Sectors = new Map(),
    private readonly firstSize = 0,
  ) {
    this.now = new Map(first);
    this.size = firstSize;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (offset < 0 || length < 0 || offset + length > this.size) throw new Error('read outside of the file');
    const data = new Uint8Array(length);
    for (const { number, from, at, count } of sectorsOf(offset, length)) {
      const sector = this.now.get(number);
      if (sector !== undefined) data.set(sector.subarray(from, from + count), at);
    }
    return data;
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    if (offset < 0) throw new Error('write outside of the file');
    for (const { number, from, at, count } of sectorsOf(offset, data.length)) {
      const bytes = count === SECTOR ? data.slice(at, at + count) : new Uint8Array(SECTOR);
      if (count < SECTOR) {
        bytes.set(this.now.get(number) ?? bytes);
        bytes.set(data.subarray(at, at + count), from);
      }
      this.change({ kind: 'sector', number, bytes, end: offset + at + count });
    }
  }

  async truncate(bytes: number): Promise<void> {
    this.change({ kind: 'truncate', bytes });
  }

  async barrier(): Promise<void> {
    this.journal.push(null);
  }

  async flush(): Promise<void> {
    this.journal.push(null);
  }

  async close(): Promise<void> {}

  /**
   * What may be left when the power fails after `moment` entries of the journal: all before the last barrier there, and
   * of what came later that for which `kept` says so.
   */
  after(moment: number, kept: (index: number) => boolean): FaultFile {
    const left = new FaultFile(this.first, this.firstSize);
    const safe = this.journal.lastIndexOf(null, moment - 1);
    for (const [index, change] of this.journal.slice(0, Math.max(0, moment)).entries()) {
      if (change !== null && (index < safe || kept(index))) left.apply(change);
    }
    return new FaultFile(left.now, left.size);
  }

  /** The whole content, for small files. */
  content(): Uint8Array {
    const bytes = new Uint8Array(this.size);
    for (const [number, sector] of this.now) {
      bytes.set(sector.subarray(0, Math.max(0, this.size - number * SECTOR)), number * SECTOR);
    }
    return bytes;
  }

  private change(change: Change): void {
    this.journal.push(change);
    this.apply(change);
  }

  private apply(change: Change): void {
    if (change.kind === 'sector') {
      this.now.set(change.number, change.bytes);
      this.size = Math.max(this.size, change.end);
      return;
    }
    for (const [number, sector] of this.now) {
      const left = change.bytes - number * SECTOR;
      if (left <= 0) this.now.delete(number);
      else if (left < SECTOR) this.now.set(number, Uint8Array.from(sector).fill(0, left));
    }
    this.size = change.bytes;
  }
}

function* sectorsOf(offset: number, length: number) {
  for (let at = 0; at < length; ) {
    const from = (offset + at) % SECTOR;
    const count = Math.min(SECTOR - from, length - at);
    yield { number: Math.floor((offset + at) / SECTOR), from, at, count };
    at += count;
  }
}
