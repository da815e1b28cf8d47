import type { HostParts } from '../host-parts.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { BackEndWork } from './back-end.js';

/** A parent copies pieces of something on one of its VPs. Where there is no parent, that takes no CPU. */
export class ParentCopy implements BackEndWork {
  private stopped = false;
  private readonly vp: number;

  constructor(
    readonly title: string,
    private readonly parts: HostParts,
    private readonly cost: Cost,
    /** How often a piece costs that. */
    private readonly times: (piece: number) => number,
    private readonly then: (piece: number) => void,
  ) {
    this.vp = parts.root.vpCount > 0 ? parts.root.assignVp() : NO_VP;
  }

  post(piece: number): void {
    if (this.vp === NO_VP) this.then(piece);
    else this.parts.root.post(this.vp, this, piece);
  }

  /** What is under way has no effect any more. */
  stop(): void {
    this.stopped = true;
  }

  begin(piece: number): number {
    return this.stopped ? 0 : this.cost.charge(this.times(piece));
  }

  end(piece: number): void {
    if (!this.stopped) this.then(piece);
  }
}

const NO_VP = -1;
