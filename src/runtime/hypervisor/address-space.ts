import { invariant } from '../defect.js';
import type { PageRange } from '../hardware/system-memory.js';

/**
 * Guest physical pages of one partition and the system pages behind them (GPA to SPA), in ranges. The guest's pages are
 * 0 to `pages` - 1: what a guest gives up are its highest pages, and what it gets back takes their place.
 */
export class AddressSpace {
  private readonly gpas: number[] = [];
  readonly ranges: PageRange[] = [];
  pages = 0;

  /** Maps these system pages behind the last guest page (HvMapGpaPages). */
  map(ranges: readonly PageRange[]): void {
    for (const range of ranges) {
      invariant(range.count > 0, 'an empty range was mapped');
      this.gpas.push(this.pages);
      this.ranges.push(range);
      this.pages += range.count;
    }
  }

  /** Unmaps the highest guest pages (HvUnmapGpaPages) and hands the system pages back. */
  unmap(pages: number): PageRange[] {
    invariant(pages >= 0 && pages <= this.pages, 'more pages were unmapped than were mapped');
    const freed: PageRange[] = [];
    let left = pages;
    while (left > 0) {
      const { first, count } = this.ranges.pop()!;
      const gpa = this.gpas.pop()!;
      const taken = Math.min(left, count);
      if (taken < count) {
        this.ranges.push({ first, count: count - taken });
        this.gpas.push(gpa);
      }
      freed.push({ first: first + count - taken, count: taken });
      left -= taken;
    }
    this.pages -= pages;
    return freed;
  }

  /** Unmaps everything and hands the system pages back. */
  clear(): PageRange[] {
    this.gpas.length = 0;
    this.pages = 0;
    return this.ranges.splice(0);
  }

  /** The system page behind a guest page, or -1 when there is none: an intercept. */
  translate(gpaPage: number): number {
    if (!(gpaPage >= 0 && gpaPage < this.pages)) return -1;
    let low = 0;
    let high = this.gpas.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.gpas[middle]! <= gpaPage) low = middle;
      else high = middle - 1;
    }
    return this.ranges[low]!.first + (gpaPage - this.gpas[low]!);
  }
}
