import { formatCount, formatNs } from '../../model/format.js';
import type { TraceSlice } from '../../protocol/run-result.js';
import type { VirtualProcessors } from '../hypervisor/virtual-processors.js';

/** Beyond this many bars the timeline keeps the first ones. */
const MAXIMUM_SLICES = 200_000;

/** The bars of a run: which VP was on which LP, what each VP did, which unit of a disk served what. Bounded. */
export class Timeline {
  readonly slices: TraceSlice[] = [];
  private readonly vpOnLp: Int32Array;
  private readonly sinceNs: Float64Array;
  /** When the first bar ended for which there was no room. */
  private fullNs: number | null = null;

  constructor(
    lpCount: number,
    private readonly vps: VirtualProcessors,
    /** By row of the partition table. */
    private readonly partitionNames: readonly string[],
  ) {
    this.vpOnLp = new Int32Array(lpCount).fill(-1);
    this.sinceNs = new Float64Array(lpCount);
  }

  /** A VP is put on an LP. */
  begin(lp: number, vp: number, nowNs: number): void {
    this.vpOnLp[lp] = vp;
    this.sinceNs[lp] = nowNs;
  }

  /** Whatever was on the LP leaves it. */
  end(lp: number, nowNs: number): void {
    const vp = this.vpOnLp[lp]!;
    if (vp < 0) return;
    this.vpOnLp[lp] = -1;
    const partition = this.partitionNames[this.vps.partition[vp]!]!;
    this.add(`Logical processors/LP ${lp}`, `${partition} VP ${this.vps.index[vp]!}`, this.sinceNs[lp]!, nowNs);
  }

  /** A VP did something from `startNs` to `endNs`. */
  addVp(vp: number, name: string, startNs: number, endNs: number): void {
    this.add(`${this.partitionNames[this.vps.partition[vp]!]!}/VP ${this.vps.index[vp]!}`, name, startNs, endNs);
  }

  add(track: string, name: string, startNs: number, endNs: number): void {
    if (endNs <= startNs) return;
    if (this.slices.length >= MAXIMUM_SLICES) {
      this.fullNs ??= endNs;
      return;
    }
    this.slices.push({ track, name, startNs, durationNs: endNs - startNs });
  }

  /** What its reader must know of it: that it does not show the whole run. */
  notes(readyNs: number): string[] {
    if (this.fullNs === null) return [];
    const end = formatNs(Math.max(0, this.fullNs - readyNs));
    return [
      `The timeline holds its first ${formatCount(MAXIMUM_SLICES)} bars: it ends ${end} after the host was ready.`,
    ];
  }
}
