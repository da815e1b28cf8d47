import type { BackEndWork } from '../parent/back-end.js';

/** What the hypervisor has to do on each VP of a guest for the devices of that guest, in order. */
export class HypervisorWork {
  private readonly queues: { work: BackEndWork; what: number }[][];

  constructor(vpCount: number) {
    this.queues = Array.from({ length: vpCount }, () => []);
  }

  post(local: number, work: BackEndWork, what: number): void {
    this.queues[local]!.push({ work, what });
  }

  waits(local: number): boolean {
    return this.queues[local]!.length > 0;
  }

  /** Begins the first piece on a VP that takes time, and returns its ns; 0 when there is none. */
  begin(local: number): number {
    const queue = this.queues[local]!;
    for (let first = queue[0]; first; first = queue[0]) {
      const ns = first.work.begin(first.what);
      if (ns > 0) return ns;
      queue.shift();
      first.work.end(first.what);
    }
    return 0;
  }

  /** The piece that was begun is done. */
  end(local: number): void {
    const { work, what } = this.queues[local]!.shift()!;
    work.end(what);
  }
}
