/** What a sweep can vary. Names and units are those of the language; docs/what-if.md lists them. */
import { automaticReserve } from '../../model/admission.js';
import { formatBytes } from '../../model/format.js';
import type { Child, HostModel, Parent, ParentReserve, Processor, Workload } from '../../model/host-model.js';
import type { Dimension } from '../../model/units.js';
import { UsageError } from '../exit.js';

/** One value of the model: its unit, its range (in base units) and how it is set. */
export interface Setting<Target> {
  dimension: Dimension;
  minimum: number;
  maximum: number;
  whole?: true;
  /** The target with that value. Throws UsageError where it cannot have it. */
  set(target: Target, value: number): Target;
}

const MB = 1024 ** 2;
const PB = 1024 ** 5;
const HOUR_NS = 3600e9;

const PERCENT = { dimension: 'percent', minimum: 0, maximum: 100 } as const;
const MEMORY = { dimension: 'memory', minimum: MB, maximum: PB } as const;
const COUNT = { dimension: 'count', minimum: 1, whole: true } as const;

export const CHILD_SETTINGS: Readonly<Record<string, Setting<Child>>> = {
  processors: { ...COUNT, maximum: 2048, set: (child, count) => withProcessors(child, { count }) },
  reserve: { ...PERCENT, set: (child, reservePercent) => withProcessors(child, { reservePercent }) },
  limit: { ...PERCENT, minimum: 1, set: (child, limitPercent) => withProcessors(child, { limitPercent }) },
  weight: { ...COUNT, maximum: 10_000, set: (child, weight) => withProcessors(child, { weight }) },
  memory: { ...MEMORY, set: withMemory },
};

export const WORKLOAD_SETTINGS: Readonly<Record<string, Setting<Workload>>> = {
  requests: { dimension: 'rate', minimum: 0, maximum: 1e9, set: withRate },
  clients: { ...COUNT, maximum: 1_000_000, set: (workload, clients) => withClosed(workload, { clients }) },
  think: {
    dimension: 'time',
    minimum: 0,
    maximum: HOUR_NS,
    set: (workload, thinkNs) => withClosed(workload, { thinkNs }),
  },
  cpu: { dimension: 'time', minimum: 0, maximum: HOUR_NS, set: (workload, cpuNs) => ({ ...workload, cpuNs }) },
};

export const PARENT_SETTINGS: Readonly<Record<string, Setting<Parent>>> = {
  'reserve cpu': { ...PERCENT, set: (parent, cpuPercent) => withReserve(parent, { cpuPercent }) },
  'reserve memory': { ...MEMORY, minimum: 0, set: (parent, memoryBytes) => withReserve(parent, { memoryBytes }) },
};

export const HARDWARE_SETTINGS: Readonly<Record<string, Setting<HostModel>>> = {
  memory: { ...MEMORY, set: withHostMemory },
  sockets: { ...COUNT, maximum: 64, set: (host, sockets) => withProcessor(host, { sockets }) },
  cores: { ...COUNT, maximum: 1024, set: (host, coresPerSocket) => withProcessor(host, { coresPerSocket }) },
};

function withProcessors(child: Child, changed: Partial<Child['processors']>): Child {
  return { ...child, processors: { ...child.processors, ...changed } };
}

/** What the child starts with. */
function withMemory(child: Child, startupBytes: number): Child {
  const { memory } = child;
  if (memory.kind === 'dynamic' && (startupBytes < memory.minimumBytes || startupBytes > memory.maximumBytes)) {
    const range = `${formatBytes(memory.minimumBytes)} to ${formatBytes(memory.maximumBytes)}`;
    throw new UsageError(
      `child ${child.name} has ${range} of memory; it cannot start with ${formatBytes(startupBytes)}`,
    );
  }
  return { ...child, memory: { ...memory, startupBytes } };
}

function withRate(workload: Workload, requestsPerSecond: number): Workload {
  if (workload.arrival.kind === 'closed') {
    throw new UsageError(`workload ${workload.name} has clients and no rate of requests; vary its clients or think`);
  }
  return { ...workload, arrival: { kind: 'open', requestsPerSecond } };
}

function withClosed(workload: Workload, changed: { clients?: number; thinkNs?: number }): Workload {
  if (workload.arrival.kind === 'open') {
    throw new UsageError(`workload ${workload.name} has a rate of requests and no clients; vary its requests`);
  }
  return { ...workload, arrival: { ...workload.arrival, ...changed } };
}

function withReserve(parent: Parent, changed: Partial<ParentReserve>): Parent {
  return { ...parent, reserve: { ...parent.reserve, ...changed, policy: 'manual' } };
}

/** The automatic reserve of the parent follows the memory of the host. */
function withHostMemory(host: HostModel, bytes: number): HostModel {
  const hardware = { ...host.hardware, memory: { ...host.hardware.memory, bytes } };
  const { parent } = host;
  const reserve = parent?.reserve.policy === 'automatic' ? automaticReserve(hardware) : parent?.reserve;
  return { ...host, hardware, parent: parent && reserve ? { ...parent, reserve } : parent };
}

function withProcessor(host: HostModel, changed: Partial<Processor>): HostModel {
  return { ...host, hardware: { ...host.hardware, processor: { ...host.hardware.processor, ...changed } } };
}
