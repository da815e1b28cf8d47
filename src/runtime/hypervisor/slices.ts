/** What is left of the time slice of each contender. While nobody waits, slices end unseen: then less than 0 is left. */
export class Slices {
  private readonly leftNs: Float64Array;

  constructor(
    contenders: number,
    private readonly sliceNs: number,
  ) {
    this.leftNs = new Float64Array(contenders).fill(sliceNs);
  }

  left(contender: number): number {
    return this.leftNs[contender]!;
  }

  begin(contender: number, ns: number): void {
    this.leftNs[contender] = ns;
  }

  run(contender: number, ns: number): void {
    this.leftNs[contender] = this.leftNs[contender]! - ns;
  }

  /** Slices that ended unseen, the last of them within the time not yet counted, began anew, one after the other. */
  renew(contender: number, uncountedNs = 0): void {
    const overNs = uncountedNs - this.leftNs[contender]!;
    if (overNs < 0) return;
    this.leftNs[contender] = this.leftNs[contender]! + (Math.floor(overNs / this.sliceNs) + 1) * this.sliceNs;
  }
}
