/** What it costs to save, restore, checkpoint and shut down. */
import { type CostRow, GUESS, row } from './cost-row.js';

export const LIFE_COSTS = [
  row(
    'state-transfer',
    'One read or write of a saved state; transfers follow one another through the file',
    65_536,
    'bytes',
    'parameter',
    'assumed',
    GUESS,
  ),
  row('state-depth', 'Transfers of one saved state under way at once', 16, 'count', 'parameter', 'assumed', GUESS),
  row('state-devices', 'Devices and processors in a saved state', 1_048_576, 'bytes', 'parameter', 'assumed', GUESS),
  row(
    'guest-freeze',
    'A guest flushes its files and holds its writes for a production checkpoint: computing on its VP 0',
    50_000_000,
    'ns',
    'child',
    'assumed',
    GUESS,
  ),
  row('guest-thaw', 'A guest lets its writes go on', 5_000_000, 'ns', 'child', 'assumed', GUESS),
  row(
    'stop-limit',
    'A host that goes down waits for its children to shut down, at most',
    120_000_000_000,
    'ns',
    'parameter',
    'assumed',
    GUESS,
  ),
  row('host-shutdown', "The parent's own system shuts down", 15_000_000_000, 'ns', 'device', 'assumed', GUESS),
  row(
    'state-copy',
    'Worker process copies a transfer of a saved state between guest and file',
    20_000,
    'ns',
    'parent',
    'assumed',
    GUESS,
  ),
] as const satisfies readonly CostRow[];
