import type { Child } from '../../model/host-model.js';

/**
 * What the guest of a child needs of memory: its working set, and something for each request under way. A child whose
 * file says nothing of it needs what it was started with, less the buffer that dynamic memory would add.
 */
export class MemoryDemand {
  private workingSetBytes: number;
  private readonly perRequestBytes: number;

  constructor({ memory, workload }: Child) {
    const unsaid =
      memory.kind === 'static' ? memory.startupBytes : memory.startupBytes / (1 + memory.bufferPercent / 100);
    this.workingSetBytes = workload?.memory?.workingSetBytes ?? Math.floor(unsaid);
    this.perRequestBytes = workload?.memory?.perRequestBytes ?? 0;
  }

  /** From now on, also over a restart of the child. */
  setWorkingSet(bytes: number): void {
    this.workingSetBytes = bytes;
  }

  bytes(requestsUnderWay: number): number {
    return this.workingSetBytes + this.perRequestBytes * requestsUnderWay;
  }
}
