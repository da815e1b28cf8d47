/**
 * Start-time fair queueing: how far each competitor has come, in ns at weight 100. Kept as what it was set to and the
 * whole nanoseconds since, so that counting them in smaller steps comes to the same number.
 */
export class VirtualTime {
  private readonly base: Float64Array;
  private readonly ranNs: Float64Array;
  /** The furthest start that was served. */
  hostNs = 0;

  constructor(
    private readonly inverseWeight: Float64Array,
    /** How far behind the others one may fall while it has a place, in ns at weight 100. */
    private readonly mostBehindNs: number,
  ) {
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

  /** Whether one that has a place would be too far behind the others, had it run so much more. */
  lags(row: number, ns: number): boolean {
    return this.after(row, ns) < this.hostNs - this.mostBehindNs;
  }

  /**
   * Nobody falls far behind while it has a place: one whose weight is worth more than a place cannot have more than that (Chandra
   * et al., OSDI 2000), and later it would go before everybody else for as long as it had run.
   */
  keepUp(row: number): void {
    if (this.lags(row, 0)) this.set(row, this.hostNs - this.mostBehindNs);
  }

  /** It wakes, and may be `leadNs` behind the others at most, or behind the only one whose place it can have. */
  wake(row: number, leadNs: number, only = -1): void {
    const others = only < 0 ? this.hostNs : Math.min(this.hostNs, this.of(only));
    if (this.of(row) < others - leadNs) this.set(row, others - leadNs);
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
