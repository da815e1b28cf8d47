const NONE = -1;

/** One run queue for each LP: by priority, the least first, and among equals by arrival. They are short. */
export class RunQueues {
  private readonly queues: number[][];
  /** The LP in whose queue a VP is, or -1. */
  private readonly lpOf: Int32Array;
  size = 0;

  constructor(
    lpCount: number,
    vpCount: number,
    private readonly priority: Uint8Array,
  ) {
    this.queues = Array.from({ length: lpCount }, () => []);
    this.lpOf = new Int32Array(vpCount).fill(NONE);
  }

  /** The VPs that wait for an LP, whoever is first. */
  of(lp: number): readonly number[] {
    return this.queues[lp]!;
  }

  /** Puts a VP behind all of its priority. */
  insert(vp: number, lp: number): void {
    this.remove(vp);
    const queue = this.queues[lp]!;
    let at = queue.length;
    while (at > 0 && this.priority[queue[at - 1]!]! > this.priority[vp]!) at--;
    queue.splice(at, 0, vp);
    this.lpOf[vp] = lp;
    this.size++;
  }

  remove(vp: number): void {
    const lp = this.lpOf[vp]!;
    if (lp === NONE) return;
    const queue = this.queues[lp]!;
    queue.splice(queue.indexOf(vp), 1);
    this.lpOf[vp] = NONE;
    this.size--;
  }

  /** The LP fewest wait for, the lowest of them. */
  shortest(): number {
    let found = 0;
    for (let lp = 1; lp < this.queues.length; lp++)
      if (this.queues[lp]!.length < this.queues[found]!.length) found = lp;
    return found;
  }
}
