import { COSTS, type CostId, type CostRow } from '../../model/catalog/costs.js';
import { doubtOf } from '../../model/catalog/source.js';
import type { HostModel } from '../../model/host-model.js';
import type { CostShare } from '../../protocol/run-result.js';

/** One row of the cost table on this host, with what has been charged to it. */
export class Cost {
  count = 0;
  totalNs = 0;

  constructor(
    readonly row: CostRow,
    /** Whole nanoseconds for a time, else the parameter in its own unit. */
    readonly amount: number,
    readonly overridden: boolean,
  ) {}

  /** Charges this cost and returns it in nanoseconds. */
  charge(times = 1): number {
    return this.chargeNs(this.amount * times, times);
  }

  /** Charges a time that depends on the occasion. */
  chargeNs(ns: number, times = 1): number {
    this.count += times;
    this.totalNs += ns;
    return ns;
  }
}

/** The cost table of this host: the published rows with the file's own values, and where the time went. */
export class CostLedger {
  private readonly costs = new Map<string, Cost>();

  constructor(model: HostModel) {
    const { costsNs } = model.hypervisor;
    const nsPerCycle = 1e9 / model.hardware.processor.frequencyHz;
    for (const row of COSTS) {
      const own = Object.hasOwn(costsNs, row.id) ? costsNs[row.id] : undefined;
      const published = row.unit === 'cycles' ? row.amount * nsPerCycle : row.amount;
      this.costs.set(row.id, new Cost(row, Math.round(own ?? published), own !== undefined));
    }
  }

  get(id: CostId): Cost {
    return this.costs.get(id)!;
  }

  totalNs(id: string): number {
    return this.costs.get(id)?.totalNs ?? 0;
  }

  rows(): Iterable<Cost> {
    return this.costs.values();
  }
}

/** Rows that took CPU time on any of these hosts, the largest first. */
export function costShares(ledgers: readonly CostLedger[]): CostShare[] {
  const shares = new Map<string, CostShare>();
  for (const ledger of ledgers) {
    for (const { row, count, totalNs, overridden } of ledger.rows()) {
      if (totalNs === 0 || row.spentBy === 'device') continue;
      const doubt = overridden ? null : doubtOf(row.status);
      const known = shares.get(row.id) ?? { id: row.id, count: 0, totalNs: 0, doubt };
      shares.set(row.id, { ...known, count: known.count + count, totalNs: known.totalNs + totalNs });
    }
  }
  return [...shares.values()].sort((a, b) => b.totalNs - a.totalNs || (a.id < b.id ? -1 : 1));
}
