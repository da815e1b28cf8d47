import { BitSet } from './bit-set.js';
import type { Nodes } from './nodes.js';
import type { Smt } from './smt.js';

/** Which logical processors are idle, and which of them is best for whom. */
export class IdleLps {
  private readonly idle: BitSet;
  private size: number;

  constructor(
    private readonly lpCount: number,
    private readonly nodes: Nodes,
    private readonly smt: Smt | null,
  ) {
    this.idle = new BitSet(lpCount);
    this.size = lpCount;
    for (let lp = 0; lp < lpCount; lp++) this.idle.add(lp);
  }

  has(lp: number): boolean {
    return this.idle.has(lp);
  }

  /** One that was not idle. */
  add(lp: number): void {
    this.idle.add(lp);
    this.size++;
  }

  /** One that was idle. */
  delete(lp: number): void {
    this.idle.delete(lp);
    this.size--;
  }

  /**
   * An idle LP, or -1. An idle core goes before an idle sibling of a busy one, the home node before others, then the
   * preferred LP before the lowest. Either may be -1.
   */
  find(preferred: number, home: number): number {
    if (this.size === 0) return -1;
    const isIdle = preferred >= 0 && this.idle.has(preferred);
    const isAlone = isIdle && (this.smt === null || this.smt.isCoreIdle(preferred));
    if (home < 0 || this.nodes.count === 1) {
      if (isAlone) return preferred;
      const free = this.smt ? this.smt.idleCore(0, this.lpCount) : -1;
      if (free >= 0) return free;
      return isIdle ? preferred : this.idle.first(0, this.lpCount);
    }
    const isAtHome = isIdle && this.nodes.of(preferred) === home;
    if (isAlone && isAtHome) return preferred;
    const free = this.freeOn(home);
    if (free >= 0) return free;
    if (isAlone) return preferred;
    const elsewhere = this.smt ? this.smt.idleCore(0, this.lpCount) : -1;
    if (elsewhere >= 0) return elsewhere;
    if (isAtHome) return preferred;
    const sibling = this.idle.first(this.nodes.firstOf(home), this.nodes.endOf(home));
    return sibling >= 0 ? sibling : this.idle.first(0, this.lpCount);
  }

  /** An LP of a node that is idle together with its siblings, or -1. */
  freeOn(node: number): number {
    const [first, end] = [this.nodes.firstOf(node), this.nodes.endOf(node)];
    return this.smt ? this.smt.idleCore(first, end) : this.idle.first(first, end);
  }
}
