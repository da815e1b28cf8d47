import { nodeOfLp } from '../../model/numa.js';

/** The NUMA nodes of a host as its schedulers see them: which LPs are on which, in order. */
export class Nodes {
  readonly count: number;
  private readonly ofLp: Uint16Array;
  /** The first LP of each node, and one more for the end. */
  private readonly first: number[] = [];

  constructor(lpCount: number, count = 1) {
    this.ofLp = Uint16Array.from({ length: lpCount }, (_, lp) => nodeOfLp(lp, lpCount, count));
    this.count = Math.max(1, count);
    for (let node = 0; node < this.count; node++) {
      const first = this.ofLp.findIndex((of) => of >= node);
      this.first.push(first < 0 ? lpCount : first);
    }
    this.first.push(lpCount);
  }

  of(lp: number): number {
    return this.ofLp[lp]!;
  }

  firstOf(node: number): number {
    return this.first[node]!;
  }

  /** A node may be memory alone. */
  hasLps(node: number): boolean {
    return this.endOf(node) > this.firstOf(node);
  }

  /** The LP behind the last of a node. */
  endOf(node: number): number {
    return this.first[node + 1]!;
  }
}

/**
 * The home nodes of the VPs of a partition: as its pages lie, so many VPs on each node, in order. No VP has a home where
 * there is no memory.
 */
export function homeNodes(vpCount: number, pagesOfNodes: readonly number[]): number[] {
  const pages = pagesOfNodes.reduce((sum, each) => sum + each, 0);
  const homes: number[] = [];
  let before = 0;
  for (const [node, own] of pagesOfNodes.entries()) {
    before += own;
    const end = pages === 0 ? 0 : Math.round((vpCount * before) / pages);
    while (homes.length < end) homes.push(node);
  }
  return homes;
}
