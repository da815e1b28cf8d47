import type { LineParameters } from '../hypervisor/contest.js';
import type { EntitlementParameters } from '../hypervisor/entitlements.js';
import type { CostLedger } from '../trace/cost-ledger.js';

/** The rules of a line that are the same on all architectures. */
export function commonLineRules(
  costs: CostLedger,
): Pick<LineParameters, 'wakeGranularityNs' | 'remoteLeadNs' | 'memoryNs' | 'behindSlices'> {
  return {
    wakeGranularityNs: costs.get('wake-granularity').amount,
    remoteLeadNs: costs.get('numa-lead').amount,
    memoryNs: costs.get('share-memory').amount,
    behindSlices: costs.get('share-behind').amount,
  };
}

/** How periods are divided where limits and reserves are kept max-min. */
export function entitlementRules(costs: CostLedger): EntitlementParameters {
  return {
    parts: Math.max(1, costs.get('entitlement-parts').amount),
    near: costs.get('entitlement-near').amount / 100,
  };
}
