/** Who goes before whom, whatever their run times. */
export const Rank = { Rest: 0, Entitled: 1, Reserved: 2, Urgent: 3 } as const;
export type Rank = (typeof Rank)[keyof typeof Rank];
