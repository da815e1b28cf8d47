import type { Partition } from '../partitions.js';

/** A short piece of a partition's line. */
export function Swatch({ partition }: { partition: Partition }) {
  return (
    <svg class="swatch" width="22" height="8" aria-hidden="true">
      <line
        x1="1"
        y1="4"
        x2="21"
        y2="4"
        style={{ stroke: `var(${partition.color})` }}
        stroke-dasharray={partition.dash.join(' ')}
      />
    </svg>
  );
}
