import type { ByteFile } from './byte-file.js';

/** Unchanged pages that are kept; the changed ones are kept until they are written, however many. */
const KEPT_PAGES = 4096;

/** The parts of an image that say where data is, page by page: read once, changed in memory, written together. */
export class MetadataPages {
  private readonly pages = new Map<number, Uint8Array>();
  private readonly changed = new Set<number>();

  constructor(
    private readonly file: ByteFile,
    readonly pageBytes: number,
  ) {}

  /** The page that begins at `offset`, which is a multiple of the page's size in the file; not to be changed. */
  async at(offset: number): Promise<Uint8Array> {
    const kept = this.pages.get(offset);
    if (kept !== undefined) return kept;
    const page = Uint8Array.from(await this.file.read(offset, this.pageBytes));
    this.evict();
    this.pages.set(offset, page);
    return page;
  }

  /** The same page, to be changed at once and written with the next commit. */
  async change(offset: number): Promise<Uint8Array> {
    const page = await this.at(offset);
    this.changed.add(offset);
    return page;
  }

  /** Forgets what was at a place that now holds something else. */
  forget(offset: number, length: number): void {
    for (let at = offset; at < offset + length; at += this.pageBytes) {
      this.pages.delete(at);
      this.changed.delete(at);
    }
  }

  /** Changed pages that are not written yet, by offset. */
  unwritten(): [offset: number, page: Uint8Array][] {
    return [...this.changed].sort((one, other) => one - other).map((offset) => [offset, this.pages.get(offset)!]);
  }

  written(offset: number): void {
    this.changed.delete(offset);
  }

  private evict(): void {
    if (this.pages.size - this.changed.size < KEPT_PAGES) return;
    for (const offset of this.pages.keys()) {
      if (!this.changed.has(offset)) {
        this.pages.delete(offset);
        return;
      }
    }
  }
}
