/** The request that each VP of a guest has put aside for an interrupt, with what is left of its burst in ns. */
export class InterruptedRequests {
  private readonly requests: Int32Array;
  private readonly leftNs: Float64Array;

  constructor(vpCount: number) {
    this.requests = new Int32Array(vpCount).fill(NOTHING);
    this.leftNs = new Float64Array(vpCount);
  }

  put(local: number, request: number, leftNs: number): void {
    this.requests[local] = request;
    this.leftNs[local] = leftNs;
  }

  has(local: number): boolean {
    return this.requests[local] !== NOTHING;
  }

  /** Takes up again what was put aside. */
  take(local: number): { request: number; leftNs: number } {
    const request = this.requests[local]!;
    this.requests[local] = NOTHING;
    return { request, leftNs: this.leftNs[local]! };
  }

  /** What is put aside, with its ns. */
  *entries(): Iterable<[request: number, leftNs: number]> {
    for (const [local, request] of this.requests.entries())
      if (request !== NOTHING) yield [request, this.leftNs[local]!];
  }
}

const NOTHING = -1;
