/**
 * Start-time fair queueing: how far each competitor has come, in ns at weight 100. Kept as what it was set to and the
 * whole nanoseconds since, so that counting them in smaller steps comes to the same number.
 */
export class VirtualTime {
  private readonly base: Float64Array;
  private readonly ranNs: Float64Array;
  /** The furthest start that was served. */
  hostNs = 0;

  constructor(private readonly inverseWeight: Float64Array) {
    this.base = new Float64Array(inverseWeight.length);
    this.ranNs = new Float64Array(inverseWeight.length);
  }

  of(row: number): number {
    return this.base[row]! + this.ranNs[row]! * this.inverseWeight[row]!;
  }

  /** What it would be at after so much more. */
  after(row: number, ns: number): number {
    return this.base[row]! + (this.ranNs[row]! + ns) * this.inverseWeight[row]!;
  }

  set(row: number, ns: number): void {
    this.base[row] = ns;
    this.ranNs[row] = 0;
  }

  run(row: number, ns: number): void {
    this.ranNs[row] = this.ranNs[row]! + ns;
  }

  /** Whether it would be further than any start served so far, had it run so much more. */
  leads(row: number, ns: number): boolean {
    return this.after(row, ns) > this.hostNs;
  }

  /** A slice of it begins. */
  serve(row: number): void {
    this.hostNs = Math.max(this.hostNs, this.of(row));
  }

  /** It wakes, and may be `leadNs` behind the others at most. */
  wake(row: number, leadNs: number): void {
    if (this.of(row) < this.hostNs - leadNs) this.set(row, this.hostNs - leadNs);
  }

  /** It may be ahead of the others by what it can run in `leadNs` at most; where it is then. */
  hold(row: number, leadNs: number): number {
    const most = this.hostNs + leadNs * this.inverseWeight[row]!;
    const at = this.of(row);
    if (at <= most) return at;
    this.set(row, most);
    return most;
  }
}
