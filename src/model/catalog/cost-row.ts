/** One row of the cost table. */
import type { Standing } from './source.js';

/** `ns` and `cycles` are times; the others are parameters of the model in their own unit. An override of a time is in ns. */
export type CostUnit = 'ns' | 'cycles' | 'count' | 'percent' | 'bytes' | 'bytes/s';

export interface CostRow {
  readonly id: string;
  readonly title: string;
  readonly amount: number;
  readonly unit: CostUnit;
  /** Whose time it is; `hypervisor` time is shown apart on every logical processor. */
  readonly spentBy: 'hypervisor' | 'parent' | 'child' | 'device' | 'parameter';
  readonly status: Standing;
  readonly source: string;
}

export const DALL =
  'Dall et al., "ARM Virtualization: Performance and Architectural Implications", ISCA 2016, table II, x86';
export const GUESS = 'No published figure found; chosen for plausibility';

export function row<Id extends string>(
  id: Id,
  title: string,
  amount: number,
  unit: CostUnit,
  spentBy: CostRow['spentBy'],
  status: Standing,
  source: string,
): CostRow & { readonly id: Id } {
  return { id, title, amount, unit, spentBy, status, source };
}
