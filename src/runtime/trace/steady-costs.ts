import type { CostShare, SteadyCosts } from '../../protocol/run-result.js';
import type { RunningHost } from '../running-host.js';
import { costShares } from './cost-ledger.js';

/** What the work of a run cost once its children were up: starting them costs more than many requests. */
export class SteadyMeasure {
  /** When the last of them was up; null while one is on its way. */
  private since: { timeNs: number; costs: Map<string, CostShare>; completed: number } | null = null;

  constructor(private readonly hosts: readonly RunningHost[]) {}

  /** A child has changed its state, or the run begins. */
  stateChanged(nowNs: number): void {
    if (this.hosts.some(({ children }) => children.some(({ state }) => state === 'waiting' || state === 'starting'))) {
      this.since = null;
      return;
    }
    this.since ??= {
      timeNs: nowNs,
      costs: new Map(this.shares().map((share) => [share.id, share])),
      completed: this.completed(),
    };
  }

  /** Up to now; null where a child is still on its way. */
  result(): SteadyCosts | null {
    const { since } = this;
    if (since === null) return null;
    const costs = this.shares().flatMap((share) => {
      const before = since.costs.get(share.id);
      const totalNs = share.totalNs - (before?.totalNs ?? 0);
      return totalNs === 0 ? [] : [{ ...share, count: share.count - (before?.count ?? 0), totalNs }];
    });
    return { sinceNs: since.timeNs, completed: this.completed() - since.completed, costs };
  }

  private shares(): CostShare[] {
    return costShares(this.hosts.map(({ parts }) => parts.costs));
  }

  private completed(): number {
    return this.hosts.reduce(
      (sum, { natives }) => natives.reduce((all, { work }) => all + work.balance.completed, sum),
      0,
    );
  }
}
