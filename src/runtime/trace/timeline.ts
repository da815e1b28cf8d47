import type { TraceSlice } from '../../protocol/protocol.js';

/** Beyond this many bars the timeline keeps the first ones. */
const MAXIMUM_SLICES = 200_000;

/** The bars of a run: which VP was on which LP, and what else took time. Bounded. */
export class Timeline {
  readonly slices: TraceSlice[] = [];
  private readonly vpOnLp: Int32Array;
  private readonly sinceNs: Float64Array;

  constructor(
    lpCount: number,
    private readonly nameOfVp: (vp: number) => string,
  ) {
    this.vpOnLp = new Int32Array(lpCount).fill(-1);
    this.sinceNs = new Float64Array(lpCount);
  }

  begin(lp: number, vp: number, nowNs: number): void {
    this.vpOnLp[lp] = vp;
    this.sinceNs[lp] = nowNs;
  }

  end(lp: number, nowNs: number): void {
    const vp = this.vpOnLp[lp]!;
    if (vp < 0) return;
    this.vpOnLp[lp] = -1;
    const startNs = this.sinceNs[lp]!;
    if (nowNs > startNs) this.add(`LP ${lp}`, this.nameOfVp(vp), startNs, nowNs - startNs);
  }

  add(track: string, name: string, startNs: number, durationNs: number): void {
    if (this.slices.length < MAXIMUM_SLICES) this.slices.push({ track, name, startNs, durationNs });
  }
}
