import type { ClaimColumns } from './fair-level.js';
import type { VpShare } from './virtual-processors.js';

/** VPs with the same reserve, limit, weight and group: all of a class that run get the same. */
export interface ShareClasses extends ClaimColumns {
  readonly count: number;
  /** The class of each VP, and its place among the members of that. */
  readonly classOf: Int32Array;
  readonly placeOf: Int32Array;
  /** The VPs of each class. */
  readonly members: readonly Int32Array[];
  /** CPU groups: which classes are in each, and on how many LPs they run together at most. */
  readonly groups: readonly { classes: readonly number[]; processors: number }[];
}

/** Sorts VPs into classes, in the order in which they come. */
export function shareClasses(shares: readonly VpShare[]): ShareClasses {
  const members = new Map<string, number[]>();
  shares.forEach((share, vp) => {
    const key = `${share.reserve} ${share.limit} ${share.weight} ${share.group?.name ?? ''}`;
    const alike = members.get(key);
    if (alike === undefined) members.set(key, [vp]);
    else alike.push(vp);
  });
  const all = [...members.values()];
  const classOf = new Int32Array(shares.length);
  const placeOf = new Int32Array(shares.length);
  all.forEach((vps, one) => {
    vps.forEach((vp, place) => {
      classOf[vp] = one;
      placeOf[vp] = place;
    });
  });
  const columns = all.map(([vp]) => shares[vp!]!);
  const names = new Set(columns.flatMap(({ group }) => group?.name ?? []));
  return {
    count: all.length,
    floor: Float64Array.from(columns, ({ reserve, limit }) => Math.min(reserve, limit, 1)),
    ceiling: Float64Array.from(columns, ({ limit }) => Math.min(limit, 1)),
    weight: Float64Array.from(columns, ({ weight }) => weight),
    classOf,
    placeOf,
    members: all.map((vps) => Int32Array.from(vps)),
    groups: [...names].map((name) => {
      const classes = columns.flatMap(({ group }, one) => (group?.name === name ? [one] : []));
      return { classes, processors: columns[classes[0]!]!.group!.processors };
    }),
  };
}
