/**
 * What bounds a rate: so much in the long run, and a burst at once after a pause. A frame larger than the burst leaves on
 * credit. Times are those of whoever asks, in ns.
 */
export class TokenBucket {
  private readonly burstNs: number;
  /** When the bucket was, or will be, as full as it gets, less the time that the burst takes at this rate. */
  private emptyNs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly bitsPerSecond: number,
    burstBytes: number,
  ) {
    this.burstNs = this.timeOf(burstBytes);
  }

  /** From when on the next frame may leave. */
  get freeNs(): number {
    return this.emptyNs;
  }

  /** A frame leaves now. */
  take(bytes: number, nowNs: number): void {
    this.emptyNs = Math.max(this.emptyNs, nowNs - this.burstNs) + this.timeOf(bytes);
  }

  private timeOf(bytes: number): number {
    return (bytes * 8e9) / this.bitsPerSecond;
  }
}
