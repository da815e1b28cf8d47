import type { AstNode } from 'langium';
import type { Dimension } from '../model/units.js';
import {
  type ExpectationDeclaration,
  isExpectationDeclaration,
  isProcessorsClause,
  type Quantity,
} from './generated/ast.js';
import { isInHz } from './units-written.js';

/** What a number in the language may be. Every place where one can stand has exactly one slot. */
export interface QuantitySlot {
  /** For messages and hovers: "the frequency". */
  title: string;
  dimension: Dimension;
  /** Inclusive, in base units. */
  minimum: number;
  maximum: number;
  integer?: boolean;
  /** Where the range is published. */
  source?: string;
}

const LARGEST = Number.MAX_SAFE_INTEGER;
const SET_VM_PROCESSOR = 'Microsoft Learn, Set-VMProcessor';
const SET_VM_MEMORY = 'Microsoft Learn, Set-VMMemory';

const count = (title: string, minimum: number, maximum: number, source?: string): QuantitySlot => ({
  title,
  dimension: 'count',
  minimum,
  maximum,
  integer: true,
  source,
});
const percent = (title: string, maximum = 100, minimum = 0, source?: string): QuantitySlot => ({
  title,
  dimension: 'percent',
  minimum,
  maximum,
  source,
});
const memory = (title: string, minimum = 1): QuantitySlot => ({
  title,
  dimension: 'memory',
  minimum,
  maximum: LARGEST,
});
const time = (title: string, minimum = 0): QuantitySlot => ({ title, dimension: 'time', minimum, maximum: LARGEST });
const rate = (title: string): QuantitySlot => ({ title, dimension: 'rate', minimum: 0, maximum: 1e9 });

const bandwidth = (title: string): QuantitySlot => ({ title, dimension: 'bandwidth', minimum: 1, maximum: 1e13 });

/** The smallest machine that any rule of the field knows has a few megabytes. */
const SMALLEST_MEMORY = 1024 ** 2;

const VLAN = count('the VLAN', 1, 4094, 'IEEE 802.1Q');

const SLOTS: Record<string, Record<string, QuantitySlot>> = {
  PhysicalProcessor: {
    sockets: count('the number of sockets', 1, 256),
    cores: count('the number of cores of a socket', 1, 1024),
    threads: count('the number of threads of a core', 1, 8),
    frequency: { title: 'the frequency', dimension: 'frequency', minimum: 1e6, maximum: 1e11 },
  },
  PhysicalMemory: {
    size: memory('the memory of the host', SMALLEST_MEMORY),
    nodes: count('the number of NUMA nodes', 1, 256),
  },
  PhysicalDiskDeclaration: { size: memory('the size of the disk') },
  PhysicalNicDeclaration: {
    speed: bandwidth('the speed of the network adapter'),
    functions: count('the number of virtual functions', 1, 65_535, 'PCI-SIG, Single Root I/O Virtualization'),
  },
  CostOverride: { time: time('the cost') },
  ParentDeclaration: { processors: count("the number of the parent's virtual processors", 1, 2048) },
  ParentReserveClause: { cpu: percent('the CPU reserve'), memory: memory('the memory reserve', 0) },
  ChildDeclaration: { generation: count('the generation', 1, 2, 'Microsoft Learn, New-VM') },
  ProcessorsClause: {
    count: count('the number of virtual processors', 1, 100_000),
    reserve: percent('the reserve', 100, 0, SET_VM_PROCESSOR),
    limit: percent('the limit', 100, 0, SET_VM_PROCESSOR),
    weight: count('the weight', 1, 10_000, SET_VM_PROCESSOR),
    shares: count('the number of shares', 1, 1_000_000),
  },
  MemoryClause: {
    size: memory('the memory', SMALLEST_MEMORY),
    maximum: memory('the maximum memory', SMALLEST_MEMORY),
    startup: memory('the startup memory', SMALLEST_MEMORY),
    buffer: percent('the buffer', 2000, 5, SET_VM_MEMORY),
    priority: count('the priority', 0, 100, SET_VM_MEMORY),
  },
  CpuGroupDeclaration: { limit: percent('the limit of the group') },
  DiskDeclaration: { size: memory('the size of the virtual disk') },
  PlugAction: { number: count('the number of the device', 1, 260) },
  NicDeclaration: { vlan: VLAN },
  TrunkClause: { native: VLAN },
  VlanRange: { first: VLAN, last: VLAN },
  BandwidthClause: {
    limit: bandwidth('the bandwidth limit'),
    reserve: bandwidth('the reserved bandwidth'),
    weight: count('the weight of the minimum bandwidth', 1, 100, 'Microsoft Learn, Set-VMNetworkAdapter'),
  },
  StartClause: { delay: time('the start delay') },
  WorkloadDeclaration: {
    requests: rate('the rate of requests'),
    clients: count('the number of clients', 1, 1_000_000),
    think: time('the time to think'),
    cpu: time('the CPU time of a request'),
    read: memory('what a request reads', 0),
    write: memory('what a request writes', 0),
    send: memory('what a request sends', 0),
    receive: memory('the size of a request on the network', 0),
  },
  WorkloadMemoryClause: {
    workingSet: memory('the working set'),
    perRequest: memory('the memory of a request', 0),
  },
  DirtiesClause: {
    perRequest: memory('the memory that a request writes'),
    hotSet: memory('the memory that requests write to'),
  },
  Step: { time: time('the moment of the step') },
  LoadAction: { rate: rate('the rate of requests'), memory: memory('the working set') },
  DiskAction: {
    factor: { title: 'how many times as slow the disk becomes', dimension: 'count', minimum: 1, maximum: 1e6 },
  },
  Window: { from: time('the begin of the window'), to: time('the end of the window') },
};

const METRIC_SLOTS: Record<string, QuantitySlot> = {
  latency: time('the latency'),
  throughput: rate('the throughput'),
  failures: rate('the rate of failed requests'),
  cpu: percent('the CPU load of the host'),
  memory: memory('the memory', 0),
  pressure: percent('the memory pressure', 100_000),
  blackout: time('the blackout of a migration'),
};

/** ESXi's reservation and limit, for the whole machine. */
const FREQUENCY_SLOTS: Record<string, QuantitySlot> = {
  reserve: { title: 'the reservation', dimension: 'frequency', minimum: 0, maximum: 1e15 },
  limit: { title: 'the limit', dimension: 'frequency', minimum: 1e6, maximum: 1e15 },
};

/** The slot a property of a node is; undefined for properties that hold no quantity. */
function slotAt(container: AstNode, property: string): QuantitySlot | undefined {
  const slot = SLOTS[container.$type]?.[property];
  if (slot !== undefined || property !== 'value' || !isExpectationDeclaration(container)) return slot;
  return metricSlot(container);
}

/** The slot a quantity stands in; undefined while the text around it is broken. */
export function slotOf(quantity: Quantity): QuantitySlot | undefined {
  if (!quantity.$container || !quantity.$containerProperty) return undefined;
  const { $container: container, $containerProperty: property } = quantity;
  const inHz = isProcessorsClause(container) && isInHz(quantity) ? FREQUENCY_SLOTS[property] : undefined;
  return inHz ?? slotAt(container, property);
}

function metricSlot(expectation: ExpectationDeclaration): QuantitySlot | undefined {
  return expectation.metric === undefined ? undefined : METRIC_SLOTS[expectation.metric];
}
