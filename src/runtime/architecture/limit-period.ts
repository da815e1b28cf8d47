import type { CostId } from '../../model/catalog/costs.js';
import { formatNs } from '../../model/format.js';
import type { HostModel } from '../../model/host-model.js';
import type { CostLedger } from '../trace/cost-ledger.js';

/** The period in which reserve and limit are kept: the architecture's own for budgets, a short one for rates. */
export function limitPeriodNs(model: HostModel, costs: CostLedger, budgets: CostId): number {
  return Math.max(1, costs.get(model.hypervisor.limits === 'rate' ? 'rate-period' : budgets).amount);
}

/** How limits are kept, for the boot log. */
export function limitWords(model: HostModel, costs: CostLedger, budgets: CostId): string {
  const period = formatNs(limitPeriodNs(model, costs, budgets));
  return model.hypervisor.limits === 'rate'
    ? `limits are rates, kept within ${period}`
    : `limits are budgets of ${period}`;
}

/** Where the hypervisor leaves no choice. */
export function limitNote({ hypervisor: { limits } }: HostModel, what: string): string[] {
  return limits === undefined ? [] : [`${what}: 'limits as ${limits}' had no effect.`];
}
