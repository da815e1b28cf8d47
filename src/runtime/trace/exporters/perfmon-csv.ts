import type { Snapshot } from '../../../protocol/snapshot.js';
import { COUNTERS } from './counter-table.js';
import { perfMonTime } from './epoch.js';
import { logged } from './logged.js';

/** What Performance Monitor writes where a counter has no value. */
const NO_VALUE = ' ';

/**
 * The snapshots of a run as a counter log of Performance Monitor (PDH-CSV 4.0): a column for each counter of each
 * instance, a row for each snapshot. Figures are over the interval that ends at the time of the row.
 */
export function perfMonCsv(host: string, snapshots: readonly Snapshot[]): string {
  const taken = logged(snapshots);
  const columns: string[] = [];
  const rows = taken.map(() => new Map<string, number>());
  for (const { object, name, read } of COUNTERS) {
    const paths = new Set<string>();
    taken.forEach((snapshot, row) => {
      for (const { instance, value } of read(snapshot)) {
        const path = pathOf(host, object, instance, name);
        paths.add(path);
        rows[row]?.set(path, value);
      }
    });
    columns.push(...paths);
  }
  const lines = [
    ['(PDH-CSV 4.0) (UTC)(0)', ...columns],
    ...taken.map(({ timeNs }, row) => [perfMonTime(timeNs), ...columns.map((column) => cell(rows[row]?.get(column)))]),
  ];
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}

function pathOf(host: string, object: string, instance: string, counter: string): string {
  return `\\\\${host}\\${object}(${instance})\\${counter}`;
}

/** Six decimals, as typeperf writes them. */
function cell(value: number | undefined): string {
  return value === undefined ? NO_VALUE : value.toFixed(6);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
