import type { VirtualProcessors } from './virtual-processors.js';

/** VPs of one partition that are siblings to its guest, and that only ever run together on the threads of one core. */
export interface VirtualCore {
  vps: readonly number[];
  /** The only core they may have, or -1. */
  pinnedCore: number;
  /** The thread of the core on which a VP of it runs. */
  threadOf(vp: number): number;
}

/** The virtual cores of all partitions: pinned VPs by the core they are pinned to, others in groups of a guest's core. */
export function virtualCores(vps: VirtualProcessors, threads: number, guestThreads: number): VirtualCore[] {
  const cores: VirtualCore[] = [];
  for (let first = 0; first < vps.count; ) {
    const pin = vps.pinned[first]!;
    const coreOf = (vp: number) =>
      pin >= 0 ? Math.floor(vps.pinned[vp]! / threads) : Math.floor(vps.index[vp]! / guestThreads);
    let end = first + 1;
    while (end < vps.count && vps.partition[end] === vps.partition[first] && coreOf(end) === coreOf(first)) end++;
    cores.push({
      vps: Array.from({ length: end - first }, (_, i) => first + i),
      pinnedCore: pin >= 0 ? coreOf(first) : -1,
      threadOf: (vp) => (pin >= 0 ? vps.pinned[vp]! % threads : vps.index[vp]! % guestThreads),
    });
    first = end;
  }
  return cores;
}
