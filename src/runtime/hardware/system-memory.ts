import { pagesOfNodes } from '../../model/numa.js';
import { invariant } from '../defect.js';

/** A page is 4 KB. */
export const PAGE_BYTES = 4096;

/** Bytes rounded up to pages, of which there is at least one. */
export function wholePages(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / PAGE_BYTES)) * PAGE_BYTES;
}

/** Pages `first` … `first + count - 1` of the machine, all on one NUMA node. */
export interface PageRange {
  first: number;
  count: number;
}

/**
 * The RAM of the machine: nodes of equal size, each with its free ranges in order. A page that was given out is in
 * no free list, so no page can be given out twice.
 */
export class SystemMemory {
  readonly totalPages: number;
  private readonly nodes: PageRange[][];
  private readonly nodePages: number;
  private given = 0;

  constructor(bytes: number, nodeCount: number) {
    this.totalPages = Math.floor(bytes / PAGE_BYTES);
    const pages = pagesOfNodes(this.totalPages, nodeCount);
    this.nodePages = Math.max(1, pages[0] ?? 1);
    this.nodes = pages.map((count, node) => [{ first: node * this.nodePages, count }]);
  }

  get freePages(): number {
    return this.totalPages - this.given;
  }

  get nodeCount(): number {
    return this.nodes.length;
  }

  nodeOf(page: number): number {
    return Math.floor(page / this.nodePages);
  }

  /** The node with the most room. */
  emptiestNode(): number {
    return this.emptiestFirst()[0] ?? 0;
  }

  /** Takes pages of one node; null when it has too few. */
  allocateOn(node: number, pages: number): PageRange[] | null {
    if (pages > this.freeOn(node)) return null;
    const ranges: PageRange[] = [];
    this.take(node, pages, ranges);
    this.given += pages;
    return ranges;
  }

  /** Takes pages of `home` as far as they go, then of the emptiest nodes; null when there are too few. */
  allocate(pages: number, home = this.emptiestNode()): PageRange[] | null {
    if (pages > this.freePages) return null;
    const order = [home, ...this.emptiestFirst().filter((node) => node !== home)];
    const ranges: PageRange[] = [];
    let missing = pages;
    for (const node of order) {
      if (missing === 0) break;
      missing -= this.take(node, missing, ranges);
    }
    this.given += pages;
    invariant(missing === 0, 'free pages were counted but not found');
    return ranges;
  }

  release(ranges: readonly PageRange[]): void {
    for (const { first, count } of ranges) {
      const node = this.nodes[Math.floor(first / this.nodePages)]!;
      const at = node.findIndex((range) => range.first > first);
      const place = at < 0 ? node.length : at;
      const before = node[place - 1];
      const after = node[place];
      invariant(!before || before.first + before.count <= first, 'a page was released twice');
      invariant(!after || first + count <= after.first, 'a page was released twice');
      node.splice(place, 0, { first, count });
      this.given -= count;
      merge(node, place);
      merge(node, place - 1);
    }
  }

  private freeOn(node: number): number {
    return this.nodes[node]?.reduce((sum, range) => sum + range.count, 0) ?? 0;
  }

  private emptiestFirst(): number[] {
    const free = this.nodes.map((_, node) => this.freeOn(node));
    return free.map((_, node) => node).sort((a, b) => free[b]! - free[a]! || a - b);
  }

  private take(node: number, wanted: number, into: PageRange[]): number {
    const ranges = this.nodes[node]!;
    let taken = 0;
    while (taken < wanted && ranges.length > 0) {
      const range = ranges[0]!;
      const count = Math.min(range.count, wanted - taken);
      into.push({ first: range.first, count });
      taken += count;
      if (count === range.count) ranges.shift();
      else ranges[0] = { first: range.first + count, count: range.count - count };
    }
    return taken;
  }
}

/** Joins the range at `at` with the next when they touch. */
function merge(ranges: PageRange[], at: number): void {
  const range = ranges[at];
  const next = ranges[at + 1];
  if (!range || !next || range.first + range.count !== next.first) return;
  ranges.splice(at, 2, { first: range.first, count: range.count + next.count });
}
