/** What the switch of an LP to another VP costs, and what all of them took so far. */
export interface SwitchCost {
  readonly amount: number;
  count: number;
  totalNs: number;
}

/** Where the time of each logical processor goes: every nanosecond it was busy, in the hypervisor or with its VP. */
export class LpTimes {
  readonly busyNs: Float64Array;
  /** Part of the busy time that was spent in the hypervisor. */
  readonly hypervisorNs: Float64Array;
  /** The VP it had last, or -1. */
  private readonly last: Int32Array;
  /** Up to when its time is counted. */
  private readonly markNs: Float64Array;
  /** When its VP is on it, after the switch. */
  private readonly startNs: Float64Array;

  constructor(
    lpCount: number,
    private readonly switchCost: SwitchCost,
  ) {
    this.busyNs = new Float64Array(lpCount);
    this.hypervisorNs = new Float64Array(lpCount);
    this.last = new Int32Array(lpCount).fill(-1);
    this.markNs = new Float64Array(lpCount);
    this.startNs = new Float64Array(lpCount);
  }

  /** An LP turns to a VP. */
  begin(lp: number, vp: number, nowNs: number): void {
    this.markNs[lp] = nowNs;
    const switches = this.last[lp] !== vp;
    if (switches) this.switchCost.count++;
    this.startNs[lp] = switches ? nowNs + this.switchCost.amount : nowNs;
    this.last[lp] = vp;
  }

  /** From when on its VP runs, at `nowNs` or after the switch. */
  runsFrom(lp: number, nowNs: number): number {
    return Math.max(this.startNs[lp]!, nowNs);
  }

  /** The time of a busy LP since the last count. */
  uncountedNs(lp: number, nowNs: number): number {
    return nowNs - this.markNs[lp]!;
  }

  /** Counts the time of a busy LP up to now, and returns how much of it its VP ran since the last time. */
  count(lp: number, nowNs: number): number {
    const mark = this.markNs[lp]!;
    if (nowNs === mark) return 0;
    this.markNs[lp] = nowNs;
    this.busyNs[lp] = this.busyNs[lp]! + (nowNs - mark);
    const start = this.startNs[lp]!;
    if (start <= mark) return nowNs - mark;
    const switched = Math.min(nowNs, start) - mark;
    this.switchCost.totalNs += switched;
    this.inHypervisor(lp, switched);
    return nowNs - mark - switched;
  }

  /** So much of its busy time was spent in the hypervisor. */
  inHypervisor(lp: number, ns: number): void {
    this.hypervisorNs[lp] = this.hypervisorNs[lp]! + ns;
  }
}
