import { UsageError } from '../exit.js';
import type { Row } from './row.js';

/** How rows stand in a file, one a line, such that a file which ends anywhere still tells its whole rows. */
export interface RowFormat {
  head: string;
  row(row: Row, index: number): string;
  tail: string;
  /** The whole rows of a file; a last line that is cut off is left out. Null where this is no such file. */
  parse(text: string): Row[] | null;
}

/** By the ending of the file. `labels` are the settings that vary. Throws UsageError. */
export function rowFormat(path: string, labels: readonly string[]): RowFormat {
  if (path.toLowerCase().endsWith('.json')) return jsonFormat(labels);
  if (path.toLowerCase().endsWith('.csv')) return csvFormat(labels);
  throw new UsageError(`--out ${path}: the file ends with .json or .csv`);
}

/** An array, complete with its last bracket; until then one row a line. */
function jsonFormat(labels: readonly string[]): RowFormat {
  return {
    head: '[\n',
    row: (row, index) => (index === 0 ? '' : ',\n') + JSON.stringify(row),
    tail: '\n]\n',
    parse(text) {
      const lines = text.split('\n').filter((line) => line !== '');
      if (lines.length > 0 && lines[0] !== '[') return null;
      const body = lines.slice(1).filter((line) => line !== ']');
      return wholeRows(body, (line) => toRow(line.replace(/,$/, ''), labels));
    },
  };
}

function toRow(line: string, labels: readonly string[]): Row | null {
  let value: Partial<Row> | null;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const settings = value?.settings;
  const isRow =
    typeof settings === 'object' &&
    typeof value?.sweep === 'string' &&
    typeof value.seed === 'number' &&
    typeof value.traceHash === 'string' &&
    Object.keys(settings).join() === labels.join();
  return isRow ? (value as Row) : null;
}

const FIGURES = [
  'throughput_per_second',
  'p95_ns',
  'host_cpu_percent',
  'refused',
  'waiting',
  'met',
  'note',
  'trace_hash',
];

function csvFormat(labels: readonly string[]): RowFormat {
  const head = csvLine([...labels, 'seed', ...FIGURES, 'sweep']);
  return {
    head,
    row: (row) => csvLine([...labels.map((label) => row.settings[label] ?? ''), ...fieldsOf(row), row.sweep]),
    tail: '',
    parse(text) {
      const lines = text.split('\n');
      const cutOff = lines.pop();
      if (lines.length === 0) return head.startsWith(cutOff ?? '') ? [] : null;
      if (`${lines[0]}\n` !== head) return null;
      return wholeRows(lines.slice(1), (line) => toCsvRow(line, labels));
    },
  };
}

function fieldsOf(row: Row): string[] {
  const { seed, throughputPerSecond, p95Ns, hostCpuPercent, refused, waiting, met, note, traceHash } = row;
  const figures = [
    seed,
    throughputPerSecond,
    p95Ns ?? '',
    hostCpuPercent,
    refused,
    waiting,
    met ?? '',
    note,
    traceHash,
  ];
  return figures.map(String);
}

function toCsvRow(line: string, labels: readonly string[]): Row | null {
  const fields = [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, field = '']) => field.replaceAll('""', '"'));
  const values = fields.slice(0, labels.length);
  const [seed, throughput, p95 = '', cpu, refused, waiting, met = '', note = '', traceHash = '', sweep] = fields.slice(
    labels.length,
  );
  if (sweep === undefined) return null;
  return {
    sweep,
    settings: Object.fromEntries(labels.map((label, index) => [label, values[index] ?? ''])),
    seed: Number(seed),
    throughputPerSecond: Number(throughput),
    p95Ns: p95 === '' ? null : Number(p95),
    hostCpuPercent: Number(cpu),
    refused: Number(refused),
    waiting: Number(waiting),
    met: met === '' ? null : met === 'true',
    note,
    traceHash,
  };
}

/** Only the last line may be cut off: each is written before the next one. */
function wholeRows(lines: string[], parse: (line: string) => Row | null): Row[] | null {
  const rows = lines.map(parse);
  if (rows.at(-1) === null) rows.pop();
  return rows.every((row) => row !== null) ? rows : null;
}

/** Quotes around everything; a line break would end the row. */
function csvLine(fields: string[]): string {
  return `${fields.map((field) => `"${field.replaceAll('"', '""').replaceAll('\n', ' ')}"`).join(',')}\n`;
}
