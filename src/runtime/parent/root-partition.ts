import type { Processors } from '../hypervisor/processors.js';
import { type Guest, Suspension } from '../hypervisor/virtual-processors.js';
import type { Timers } from '../timers.js';
import type { Timeline } from '../trace/timeline.js';
import type { BackEnd, BackEndWork } from './back-end.js';

interface Queue {
  works: BackEndWork[];
  whats: number[];
  current: BackEndWork | null;
  what: number;
  sinceNs: number;
}

/** The root partition as a guest: each of its VPs works through what VSPs and worker processes post to it. */
export class RootPartition implements Guest, BackEnd {
  private readonly queues: Queue[];
  private turn = 0;

  constructor(
    private readonly timers: Timers,
    private readonly lps: Processors,
    private readonly firstVp: number,
    readonly vpCount: number,
    private readonly timeline: Timeline | null,
  ) {
    this.queues = Array.from({ length: vpCount }, () => ({ works: [], whats: [], current: null, what: 0, sinceNs: 0 }));
  }

  /** The VP of the root that serves the next device: they take turns. */
  assignVp(): number {
    return this.turn++ % this.vpCount;
  }

  launch(): void {
    for (let i = 0; i < this.vpCount; i++) this.lps.resume(this.firstVp + i, Suspension.Explicit);
  }

  /** Queues work on a VP of the root (0 … vpCount-1) and interrupts it. */
  post(vp: number, work: BackEndWork, what: number): void {
    const queue = this.queues[vp]!;
    queue.works.push(work);
    queue.whats.push(what);
    this.lps.wake(this.firstVp + vp);
  }

  /** Part of the work on a VP of the root is done by the hypervisor. */
  inHypervisor(vp: number, ns: number): number {
    return this.lps.chargeHypervisor(this.firstVp + vp, ns);
  }

  next(vp: number): number {
    const queue = this.queues[vp - this.firstVp]!;
    const done = queue.current;
    queue.current = null;
    if (done) {
      this.timeline?.addVp(vp, done.title, queue.sinceNs, this.timers.nowNs);
      done.end(queue.what);
    }
    while (queue.works.length > 0) {
      const work = queue.works.shift()!;
      queue.what = queue.whats.shift()!;
      const ns = work.begin(queue.what);
      if (ns > 0) {
        queue.current = work;
        queue.sinceNs = this.timers.nowNs;
        return ns;
      }
      work.end(queue.what);
    }
    return 0;
  }

  interrupt(_vp: number, leftNs: number): number {
    return leftNs;
  }

  /** The parent is gone: nothing it had to do will happen. Returns the ns of work that are lost. */
  fail(): number {
    let lostNs = 0;
    for (let i = 0; i < this.vpCount; i++) {
      lostNs += this.lps.stop(this.firstVp + i);
      Object.assign(this.queues[i]!, { works: [], whats: [], current: null });
    }
    return lostNs;
  }
}
