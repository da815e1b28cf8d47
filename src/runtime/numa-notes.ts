import { formatPercent } from '../model/format.js';
import type { HostParts } from './host-parts.js';
import type { ChildMachine } from './parent/child-machine.js';

/** From this share of its CPU time on, a reader must know what a child lost. */
const WORTH_SAYING = 0.005;

/** Says which children lost how much because they ran far from their memory. */
export function numaNotes({ vps }: HostParts, children: readonly ChildMachine[]): string[] {
  const losses = children.flatMap(({ name, firstVp, child }) => {
    let [ran, lost] = [0, 0];
    for (let vp = firstVp; vp < firstVp + child.processors.count; vp++) {
      ran += vps.runNs[vp]!;
      lost += vps.remoteNs[vp]!;
    }
    return lost > ran * WORTH_SAYING ? `${name} ${formatPercent((100 * lost) / ran)}` : [];
  });
  if (losses.length === 0) return [];
  return [`CPU time lost to memory on other NUMA nodes (row numa-remote): ${losses.join(', ')}.`];
}
