/** What memory costs that is short, lent, or read from a disk. */
import { type CostRow, GUESS, row } from './cost-row.js';

export const MEMORY_COSTS = [
  // --- a guest that pages -------------------------------------------------------------------------------------
  row('page-fault', 'Guest handles a page fault that goes to its paging file', 5000, 'ns', 'child', 'assumed', GUESS),
  row(
    'paging-touched',
    'Clusters of pages a request touches; the missing share of them is read from the paging file',
    16,
    'count',
    'parameter',
    'assumed',
    GUESS,
  ),
  row('paging-cluster', 'One read from a paging file', 32_768, 'bytes', 'parameter', 'assumed', GUESS),
] as const satisfies readonly CostRow[];
