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

  /** Begins the first piece that waits on a VP, and returns its ns, which may be 0. */
  begin(local: number): number {
    const { work, what } = this.queues[local]![0]!;
    return work.begin(what);
  }

  /** The piece that was begun is done. */
  end(local: number): void {
    const { work, what } = this.queues[local]!.shift()!;
    work.end(what);
  }
}
