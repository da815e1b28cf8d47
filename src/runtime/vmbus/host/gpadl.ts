import type { PlainState, StateReader } from '../../child/snapshot/plain-state.js';

/** Guest physical address descriptor lists: the pages that a guest shares, told in a header and any number of bodies. */
const PAGE = 4096;
/** 32 MB, twice the largest buffer a Linux driver shares. */
const MAX_PAGES_PER_GPADL = 8192;
/** 256 MB in all of one partition's lists. */
const MAX_PAGES_IN_ALL = 65_536;
const MAX_GPADLS = 1024;

interface Gpadl {
  relid: number;
  expected: number;
  pages: number[];
}

export type GpadlOutcome =
  | { kind: 'more' }
  | { kind: 'created'; relid: number }
  | { kind: 'refused'; relid: number; reason: string }
  | { kind: 'ignored'; reason: string };

/** The lists of one partition, by the handle the guest chose. */
export class GpadlTable {
  private readonly gpadls = new Map<number, Gpadl>();
  private pagesInAll = 0;

  constructor(private readonly memoryBytes: number) {}

  begin(relid: number, handle: number, rangeBytes: number, rangeCount: number, data: Uint8Array): GpadlOutcome {
    const refused = (reason: string): GpadlOutcome => ({ kind: 'refused', relid, reason });
    if (handle === 0 || this.gpadls.has(handle)) return refused('its handle is in use');
    if (this.gpadls.size >= MAX_GPADLS) return refused(`there are ${MAX_GPADLS} already`);
    if (rangeCount !== 1) return refused('it has more than one range');
    if (data.length < 8) return refused('it is too short');
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const bytes = view.getUint32(0, true);
    const offset = view.getUint32(4, true);
    const expected = Math.ceil((offset + bytes) / PAGE);
    if (offset >= PAGE || bytes === 0) return refused('its range is empty or starts beyond its first page');
    // The length field has 16 bits: lists above 64 KB of page numbers overflow it, and guests rely on the byte count.
    if (rangeBytes !== ((8 + expected * 8) & 0xffff)) return refused('its length and its pages disagree');
    if (expected > MAX_PAGES_PER_GPADL) return refused(`it has more than ${MAX_PAGES_PER_GPADL} pages`);
    if (this.pagesInAll + expected > MAX_PAGES_IN_ALL) return refused('the partition shares too many pages');
    this.pagesInAll += expected;
    this.gpadls.set(handle, { relid, expected, pages: [] });
    return this.add(handle, data.subarray(8));
  }

  continue(handle: number, data: Uint8Array): GpadlOutcome {
    const gpadl = this.gpadls.get(handle);
    if (gpadl === undefined || gpadl.pages.length === gpadl.expected) {
      return { kind: 'ignored', reason: 'a GPADL body belongs to no list that waits for one' };
    }
    return this.add(handle, data);
  }

  /** The pages of a complete list that belongs to that channel, as frame numbers. */
  pages(handle: number, relid: number): readonly number[] | null {
    const gpadl = this.gpadls.get(handle);
    if (gpadl === undefined || gpadl.relid !== relid || gpadl.pages.length < gpadl.expected) return null;
    return gpadl.pages;
  }

  /** false: there is no such list of that channel. */
  remove(handle: number, relid: number): boolean {
    const gpadl = this.gpadls.get(handle);
    if (gpadl === undefined || gpadl.relid !== relid) return false;
    this.pagesInAll -= gpadl.expected;
    return this.gpadls.delete(handle);
  }

  clear(): void {
    this.gpadls.clear();
    this.pagesInAll = 0;
  }

  save(): PlainState {
    return [...this.gpadls].map(([handle, { relid, expected, pages }]) => ({ handle, relid, expected, pages }));
  }

  /** Throws SnapshotError. */
  restore(state: StateReader): void {
    this.clear();
    const frames = Math.floor(this.memoryBytes / PAGE);
    for (const saved of state.list(MAX_GPADLS)) {
      const expected = saved.at('expected').integer(1, MAX_PAGES_PER_GPADL);
      this.pagesInAll += expected;
      if (this.pagesInAll > MAX_PAGES_IN_ALL) throw saved.wrong('is one shared page too many');
      this.gpadls.set(saved.at('handle').integer(1, 0xffffffff), {
        relid: saved.at('relid').integer(0, 0xffffffff),
        expected,
        pages: saved
          .at('pages')
          .list(expected)
          .map((page) => page.integer(0, frames - 1)),
      });
    }
  }

  private add(handle: number, data: Uint8Array): GpadlOutcome {
    const gpadl = this.gpadls.get(handle)!;
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    for (let at = 0; at + 8 <= data.length && gpadl.pages.length < gpadl.expected; at += 8) {
      const frame = Number(view.getBigUint64(at, true));
      if ((frame + 1) * PAGE > this.memoryBytes) {
        this.remove(handle, gpadl.relid);
        return { kind: 'refused', relid: gpadl.relid, reason: 'a page of it is outside the memory' };
      }
      gpadl.pages.push(frame);
    }
    return gpadl.pages.length === gpadl.expected ? { kind: 'created', relid: gpadl.relid } : { kind: 'more' };
  }
}
