import { type GuestPages, LONGEST_RANGE } from '../../../vmbus/balloon-messages.js';

/** Which pages of a guest its balloon holds. */
export class BalloonedPages {
  /** 1 for each page in the balloon. */
  private readonly held: Uint8Array;
  private total = 0;

  constructor(pages: number) {
    this.held = new Uint8Array(pages);
  }

  get count(): number {
    return this.total;
  }

  /** false, and nothing changes: a page is not there or in the balloon already. */
  add({ start, count }: GuestPages): boolean {
    const end = start + count;
    if (count === 0 || end > this.held.length || this.held.subarray(start, end).includes(1)) return false;
    this.held.fill(1, start, end);
    this.total += count;
    return true;
  }

  /** Takes up to so many pages out, from the lowest on. */
  take(pages: number): GuestPages[] {
    const taken: GuestPages[] = [];
    let left = pages;
    for (let start = this.held.indexOf(1); start >= 0 && left > 0; start = this.held.indexOf(1, start)) {
      const end = this.held.indexOf(0, start);
      const run = (end < 0 ? this.held.length : end) - start;
      const count = Math.min(run, left, LONGEST_RANGE);
      this.held.fill(0, start, start + count);
      taken.push({ start, count });
      left -= count;
    }
    this.total -= pages - left;
    return taken;
  }

  clear(): void {
    this.held.fill(0);
    this.total = 0;
  }

  /** All that it holds. */
  ranges(): GuestPages[] {
    const ranges: GuestPages[] = [];
    for (let start = this.held.indexOf(1); start >= 0; ) {
      const end = this.held.indexOf(0, start);
      const count = (end < 0 ? this.held.length : end) - start;
      ranges.push({ start, count });
      start = this.held.indexOf(1, start + count);
    }
    return ranges;
  }
}
