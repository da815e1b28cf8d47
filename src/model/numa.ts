/** How a machine is cut into NUMA nodes: equal parts of its memory and of its logical processors, in order. */
import type { HostModel } from './host-model.js';

/** Pages of each node; where they do not divide, the last has fewer. */
export function pagesOfNodes(totalPages: number, nodes: number): number[] {
  const each = Math.ceil(totalPages / Math.max(1, nodes));
  return Array.from({ length: Math.max(1, nodes) }, (_, node) => Math.min(each, totalPages - node * each)).filter(
    (pages) => pages > 0,
  );
}

/** The node a logical processor belongs to. */
export function nodeOfLp(lp: number, lpCount: number, nodes: number): number {
  return Math.min(nodes - 1, Math.floor((lp * nodes) / Math.max(1, lpCount)));
}

/** May the memory of one machine lie on several nodes? Hyper-V's default, and elsewhere always. */
export function spansNodes({ hypervisor, hardware }: HostModel): boolean {
  return hardware.memory.numaNodes <= 1 || hypervisor.numaSpanning !== false;
}
