import { COSTS } from '../../model/catalog/costs.js';
import { formatBytes, formatCount, formatNs, formatPercent, formatRate } from '../../model/format.js';
import type { HostModel } from '../../model/host-model.js';
import type { RunResult } from '../../protocol/run-result.js';
import type { PartitionSnapshot } from '../../protocol/snapshot.js';
import { type Column, textTable } from './table.js';

/** What happened, for a terminal: the partitions, what was expected, where the processor time went. */
export function resultText(model: HostModel, result: RunResult): string {
  return [
    heading(model, result),
    partitionTable(result),
    adapterTable(result),
    migrations(result),
    refusals(result),
    notes(result),
    expectations(result),
    costs(result),
    `Trace hash ${result.traceHash}, ${formatCount(result.engineEvents)} engine events.`,
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function heading(model: HostModel, result: RunResult): string {
  const { hypervisor, hardware } = model;
  const what = [hypervisor.architecture, hypervisor.release ?? hypervisor.product].filter(Boolean).join(' ');
  const scenario = result.scenario === null ? '' : `, scenario ${result.scenario}`;
  return [
    `${model.name}: ${what} on ${hardware.title}, ${result.admission.cpu.totalLps} logical processors, ${formatBytes(hardware.memory.bytes)}`,
    `Up after ${formatNs(result.readyNs)}, ran for ${formatNs(result.timeNs - result.readyNs)} of virtual time, seed ${result.seed}${scenario}.`,
  ].join('\n');
}

const PARTITION_COLUMNS: Column[] = [
  { title: 'Partition', align: 'left' },
  { title: 'State', align: 'left' },
  { title: 'VPs', align: 'right' },
  { title: 'Host CPU', align: 'right' },
  { title: 'Ready', align: 'right' },
  { title: 'Memory', align: 'right' },
  { title: 'Requests', align: 'right' },
  { title: 'Mean', align: 'right' },
  { title: 'p95', align: 'right' },
  { title: 'p99', align: 'right' },
];

function partitionTable(result: RunResult): string {
  const { partitions, peers = [] } = result.total;
  const elsewhere = peers.flatMap((peer) =>
    peer.partitions.map((partition) => ({ ...partition, name: `${peer.host}: ${partition.name}` })),
  );
  return textTable(PARTITION_COLUMNS, [...partitions, ...elsewhere].map(partitionRow));
}

const MIGRATION_COLUMNS: Column[] = [
  { title: 'Migration', align: 'left' },
  { title: 'Way', align: 'left' },
  { title: 'Outcome', align: 'left' },
  { title: 'Passes', align: 'right' },
  { title: 'Carried', align: 'right' },
  { title: 'Total', align: 'right' },
  { title: 'Blackout', align: 'right' },
];

function migrations({ migrations = [] }: RunResult): string {
  if (migrations.length === 0) return '';
  const rows = migrations.map((migration) => [
    `${migration.child}: ${migration.from} to ${migration.to}`,
    migration.mode,
    migration.reason === undefined ? migration.outcome : `${migration.outcome}: ${migration.reason}`,
    `${migration.rounds.length}`,
    formatBytes(migration.carriedBytes),
    formatNs(migration.totalNs),
    migration.blackoutNs === null ? '' : formatNs(migration.blackoutNs),
  ]);
  return textTable(MIGRATION_COLUMNS, rows);
}

function partitionRow(partition: PartitionSnapshot): string[] {
  const { work } = partition;
  const latency = work?.latencyNs ?? null;
  return [
    partition.name,
    partition.state,
    `${partition.virtualProcessors.count}`,
    formatPercent(partition.cpuPercent),
    formatPercent(partition.readyPercent),
    formatBytes(partition.memory.assignedBytes),
    work === null ? '' : formatRate(work.throughputPerSecond),
    ...(latency === null ? ['', '', ''] : [formatNs(latency.mean), formatNs(latency.p95), formatNs(latency.p99)]),
  ];
}

const ADAPTER_COLUMNS: Column[] = [
  { title: 'Network adapter', align: 'left' },
  { title: 'Switch', align: 'left' },
  { title: 'Sent', align: 'right' },
  { title: 'Received', align: 'right' },
  { title: '', align: 'left' },
];

/** Adapters that carried anything. */
function adapterTable({ total: { adapters } }: RunResult): string {
  const busy = adapters.filter(({ sentPerSecond, receivedPerSecond }) => sentPerSecond + receivedPerSecond > 0);
  if (busy.length === 0) return '';
  const rows = busy.map(({ child, adapter, switch: name, sentBytesPerSecond, receivedBytesPerSecond, direct }) => [
    adapter === 0 ? child : `${child}, ${adapter + 1}`,
    name,
    `${formatBytes(sentBytesPerSecond)}/s`,
    `${formatBytes(receivedBytesPerSecond)}/s`,
    direct ? 'virtual function' : '',
  ]);
  return textTable(ADAPTER_COLUMNS, rows);
}

function refusals(result: RunResult): string {
  return result.total.partitions
    .filter((partition) => partition.reason !== undefined)
    .map((partition) => `${partition.name} ${partition.state}: ${partition.reason}`)
    .join('\n');
}

function notes(result: RunResult): string {
  return result.notes.map((note) => `Note: ${note}`).join('\n');
}

function expectations(result: RunResult): string {
  return result.expectations.map(({ met, text, seen }) => `${met ? '✓' : '✗'} ${text}\n    ${seen}`).join('\n');
}

const COST_COLUMNS: Column[] = [
  { title: 'Where processor time went', align: 'left' },
  { title: 'Cost', align: 'left' },
  { title: 'Times', align: 'right' },
  { title: 'CPU time', align: 'right' },
  { title: '', align: 'left' },
];

function costs(result: RunResult): string {
  const spent = result.costs.filter((cost) => cost.totalNs > 0).sort((a, b) => b.totalNs - a.totalNs);
  if (spent.length === 0) return '';
  const rows = spent.map((cost) => [
    COSTS.find((row) => row.id === cost.id)?.title ?? '',
    cost.id,
    formatCount(cost.count),
    formatNs(cost.totalNs),
    cost.doubt ?? '',
  ]);
  return textTable(COST_COLUMNS, rows);
}
