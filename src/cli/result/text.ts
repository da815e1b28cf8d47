import { COSTS } from '../../model/catalog/costs.js';
import { formatBytes, formatCount, formatNs, formatPercent, formatRate } from '../../model/format.js';
import type { HostModel } from '../../model/host-model.js';
import type { CostShare, MigrationRecord, RunResult } from '../../protocol/run-result.js';
import type { AdapterSnapshot, PartitionSnapshot } from '../../protocol/snapshot.js';
import { seenWhen } from './seen.js';
import { type Column, figures, textTable, words } from './table.js';

/** What happened, for a terminal: the partitions, what was expected, where the processor time went. */
export function resultText(model: HostModel, result: RunResult): string {
  return [
    heading(model, result),
    partitionTable(result),
    adapterTable(result),
    textTable(MIGRATIONS, result.migrations ?? []),
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

const PARTITIONS: Column<PartitionSnapshot>[] = [
  words('Partition', ({ name }) => name),
  words('State', ({ state }) => state),
  figures('VPs', ({ virtualProcessors }) => `${virtualProcessors.count}`),
  figures('Host CPU', ({ cpuPercent }) => formatPercent(cpuPercent)),
  figures('Ready', ({ readyPercent }) => formatPercent(readyPercent)),
  figures('Memory', ({ memory }) => formatBytes(memory.assignedBytes)),
  figures('Requests', ({ work }) => (work === null ? '' : formatRate(work.throughputPerSecond))),
  figures('Mean', latency('mean')),
  figures('p95', latency('p95')),
  figures('p99', latency('p99')),
];

function latency(statistic: 'mean' | 'p95' | 'p99'): (partition: PartitionSnapshot) => string {
  return ({ work }) => (work?.latencyNs ? formatNs(work.latencyNs[statistic]) : '');
}

function partitionTable(result: RunResult): string {
  const { partitions, peers = [] } = result.total;
  const elsewhere = peers.flatMap((peer) =>
    peer.partitions.map((partition) => ({ ...partition, name: `${peer.host}: ${partition.name}` })),
  );
  return textTable(PARTITIONS, [...partitions, ...elsewhere]);
}

const MIGRATIONS: Column<MigrationRecord>[] = [
  words('Migration', ({ child, from, to }) => `${child}: ${from} to ${to}`),
  words('Way', ({ mode }) => mode),
  words('Outcome', ({ outcome, reason }) => (reason === undefined ? outcome : `${outcome}: ${reason}`)),
  figures('Passes', ({ rounds }) => `${rounds.length}`),
  figures('Carried', ({ carriedBytes }) => formatBytes(carriedBytes)),
  figures('Total', ({ totalNs }) => formatNs(totalNs)),
  figures('Blackout', ({ blackoutNs }) => (blackoutNs === null ? '' : formatNs(blackoutNs))),
];

const ADAPTERS: Column<AdapterSnapshot>[] = [
  words('Network adapter', ({ child, adapter }) => (adapter === 0 ? child : `${child}, ${adapter + 1}`)),
  words('Switch', (adapter) => adapter.switch),
  figures('Sent', ({ sentBytesPerSecond }) => `${formatBytes(sentBytesPerSecond)}/s`),
  figures('Received', ({ receivedBytesPerSecond }) => `${formatBytes(receivedBytesPerSecond)}/s`),
  words('', ({ direct }) => (direct ? 'virtual function' : '')),
];

/** Adapters that carried anything. */
function adapterTable({ total: { adapters } }: RunResult): string {
  const busy = adapters.filter(({ sentPerSecond, receivedPerSecond }) => sentPerSecond + receivedPerSecond > 0);
  return textTable(ADAPTERS, busy);
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
  return result.expectations
    .map((each) => `${each.met ? '✓' : '✗'} ${each.text}\n    ${seenWhen(each, result.readyNs)}`)
    .join('\n');
}

const SPENT: Column<CostShare>[] = [
  words('Where processor time went', ({ id }) => COSTS.find((row) => row.id === id)?.title ?? ''),
  words('Cost', ({ id }) => id),
  figures('Times', ({ count }) => formatCount(count)),
  figures('CPU time', ({ totalNs }) => formatNs(totalNs)),
  words('', ({ doubt }) => doubt ?? ''),
];

function costs(result: RunResult): string {
  const spent = result.costs.filter((cost) => cost.totalNs > 0).sort((a, b) => b.totalNs - a.totalNs);
  return textTable(SPENT, spent);
}
