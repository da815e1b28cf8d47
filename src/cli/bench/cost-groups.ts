import { COSTS, type CostId } from '../../model/catalog/costs.js';
import type { CostShare } from '../../protocol/run-result.js';

export const COST_GROUPS = [
  'work',
  'address translation',
  'exits and emulation',
  'switches',
  'signals and interrupts',
  'copies and grants',
  'drivers',
  'memory',
  'placement (SMT, caches, NUMA)',
] as const;
export type CostGroup = (typeof COST_GROUPS)[number];

/** Which group a row belongs to; rows that are not listed are no cost of a request, such as starting a guest. */
const GROUP_OF: Partial<Record<CostId, CostGroup>> = {
  workload: 'work',
  'memory-slat': 'address translation',
  'memory-shadow': 'address translation',
  'vm-exit': 'exits and emulation',
  'intercept-message': 'exits and emulation',
  'emulated-access': 'exits and emulation',
  'emulated-completion': 'exits and emulation',
  'monitor-access': 'exits and emulation',
  'user-access': 'exits and emulation',
  'context-switch': 'switches',
  'xen-switch': 'switches',
  'hosted-switch': 'switches',
  hypercall: 'signals and interrupts',
  'vf-interrupt': 'signals and interrupts',
  'hypercall-adapter': 'signals and interrupts',
  'xen-hypercall': 'signals and interrupts',
  'virtio-kick': 'signals and interrupts',
  'virtio-interrupt': 'signals and interrupts',
  'hosted-kick': 'signals and interrupts',
  'virtual-interrupt': 'signals and interrupts',
  'xen-interrupt': 'signals and interrupts',
  'hosted-interrupt': 'signals and interrupts',
  copy: 'copies and grants',
  'guest-copy': 'copies and grants',
  'grant-map': 'copies and grants',
  'vsc-interrupt': 'drivers',
  'vsc-storage-request': 'drivers',
  'vsc-network-send': 'drivers',
  'vsp-storage-request': 'drivers',
  'vsp-storage-file': 'drivers',
  'vsp-storage-table': 'drivers',
  'vsp-storage-completion': 'drivers',
  'vsp-network-send': 'drivers',
  'vsp-network-completion': 'drivers',
  'vsp-network-receive': 'drivers',
  'vsp-network-return': 'drivers',
  'vsc-network-receive': 'drivers',
  'parent-network': 'drivers',
  'vf-send': 'drivers',
  'vf-receive': 'drivers',
  'legacy-driver': 'drivers',
  'hosted-call': 'drivers',
  'page-fault': 'memory',
  'smart-paging-fault': 'memory',
  'balloon-page': 'memory',
  'vsc-memory-message': 'memory',
  'vsp-memory-message': 'memory',
  'remap-gigabyte': 'memory',
  'smt-contention': 'placement (SMT, caches, NUMA)',
  'cache-refill': 'placement (SMT, caches, NUMA)',
  'numa-remote': 'placement (SMT, caches, NUMA)',
};

const ids = new Map<string, CostGroup>(Object.entries(GROUP_OF));

/** CPU time of one group, and the rows it came from. */
export interface GroupShare {
  group: CostGroup;
  totalNs: number;
  /** Rows with their times, the largest first. */
  rows: Pick<CostShare, 'id' | 'totalNs' | 'doubt'>[];
}

/** Sums the rows of a run by group; every group is there, in order. */
export function groupCosts(costs: readonly CostShare[]): GroupShare[] {
  return COST_GROUPS.map((group) => {
    const rows = costs
      .filter(({ id }) => ids.get(id) === group)
      .map(({ id, totalNs, doubt }) => ({ id, totalNs, doubt }))
      .sort((a, b) => b.totalNs - a.totalNs);
    return { group, totalNs: rows.reduce((sum, { totalNs }) => sum + totalNs, 0), rows };
  });
}

/** Rows that take CPU time and are in no group. */
export function ungroupedCosts(): string[] {
  return COSTS.filter(({ spentBy, id }) => spentBy !== 'device' && spentBy !== 'parameter' && !ids.has(id)).map(
    ({ id }) => id,
  );
}
