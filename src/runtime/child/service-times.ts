import type { Workload } from '../../model/host-model.js';
import { RandomStream } from '../random.js';

/** How long each request of a child computes, in whole nanoseconds: always the same, or drawn for each anew. */
export class ServiceTimes {
  private readonly random: RandomStream | null;

  constructor(
    private readonly workload: Workload | null,
    seed: number,
    child: string,
  ) {
    this.random = workload?.cpuDistribution === 'exponential' ? new RandomStream(seed, `service ${child}`) : null;
  }

  /** At least 1 ns where a request computes at all, so that none computes for free. */
  nextNs(): number {
    const meanNs = this.workload?.cpuNs ?? 0;
    if (!this.random || meanNs === 0) return meanNs;
    return Math.max(1, Math.round(this.random.exponential(meanNs)));
  }
}
