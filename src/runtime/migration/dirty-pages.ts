import type { Workload } from '../../model/host-model.js';
import { PAGE_BYTES } from '../hardware/system-memory.js';
import type { CostLedger } from '../trace/cost-ledger.js';

/**
 * Pages a guest has written to since somebody began to look: their expected number. Each request writes to some pages of a
 * hot set, any of them as likely as another, so that one which is dirty already is hit again and again; the operating
 * system writes to some pages of its own at a steady rate. Without a hot set every write finds a clean page.
 */
export class DirtyPages {
  private watching = false;
  private hot = 0;
  private hotPages = Number.POSITIVE_INFINITY;
  private assignedPages = 0;
  private sinceNs = 0;
  private pagesPerRequest = 0;
  private idlePagesPerSecond = 0;
  private idlePages = 0;

  constructor(private readonly workload: Workload | null) {}

  /** Every page is clean now; `assignedPages` is what the guest has. */
  watch(costs: CostLedger, assignedPages: number, nowNs: number): void {
    const said = this.workload?.dirties;
    const guessed = costs.get('dirty-request').amount + (this.workload?.readBytes ?? 0);
    const guessedHotPages = (assignedPages * costs.get('dirty-hot-set').amount) / 100;
    const saidHotPages = (said?.hotSetBytes ?? Number.POSITIVE_INFINITY) / PAGE_BYTES;
    this.pagesPerRequest = (said?.perRequestBytes ?? guessed) / PAGE_BYTES;
    this.hotPages = Math.max(1, said ? saidHotPages : guessedHotPages);
    this.idlePagesPerSecond = costs.get('dirty-idle').amount / PAGE_BYTES;
    this.idlePages = costs.get('dirty-idle-set').amount / PAGE_BYTES;
    this.assignedPages = assignedPages;
    this.watching = true;
    this.clean(nowNs);
  }

  stop(): void {
    this.watching = false;
  }

  /** A request has done its work. */
  request(): void {
    if (!this.watching) return;
    const added = this.pagesPerRequest * (1 - this.hot / this.hotPages);
    this.hot = Math.min(this.hotPages, this.hot + Math.max(0, added));
  }

  /** Whole pages that are dirty; all of them are clean from now on. */
  take(nowNs: number): number {
    const idle = Math.min(this.idlePages, ((nowNs - this.sinceNs) * this.idlePagesPerSecond) / 1e9);
    const pages = Math.min(this.assignedPages, Math.ceil(this.hot + idle));
    this.clean(nowNs);
    return pages;
  }

  private clean(nowNs: number): void {
    this.hot = 0;
    this.sinceNs = nowNs;
  }
}
