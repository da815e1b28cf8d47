import type { Child, HostModel, Workload } from '../../src/model/host-model.js';
import type { Scenario } from '../../src/model/scenario.js';
import type { EngineEvent, RunOptions } from '../../src/protocol/protocol.js';
import type { RunResult } from '../../src/protocol/run-result.js';
import type { Snapshot } from '../../src/protocol/snapshot.js';
import { createEngine, type Engine } from '../../src/runtime/engine.js';

const GB = 1024 ** 3;

/** A host without children, roomy and fast to boot; what a test is about it says itself. */
export function host(parts: Partial<HostModel> = {}): HostModel {
  return {
    version: 1,
    name: 'Test',
    hardware: {
      name: 'box',
      title: 'Box',
      processor: {
        title: 'CPU',
        sockets: 1,
        coresPerSocket: 4,
        threadsPerCore: 1,
        frequencyHz: 1e9,
        virtualization: true,
        dep: true,
        slat: true,
      },
      memory: { bytes: 16 * GB, ecc: true, numaNodes: 2 },
      disks: [{ name: 'raid0', title: 'Disk', bytes: 1.2e12, medium: 'ssd' }],
      nics: [{ name: 'lan1', title: 'NIC', bitsPerSecond: 1e9 }],
      displays: [],
      management: [],
    },
    hypervisor: { architecture: 'hyper-v', release: '2008R2', scheduler: null, costsNs: {} },
    switches: [{ name: 'Mall', kind: 'external', nic: 'lan1' }],
    cpuGroups: [],
    parent: {
      operatingSystem: 'Windows Server 2008 R2',
      flavour: 'core',
      virtualProcessors: null,
      reserve: { policy: 'default', cpuPercent: 20, memoryBytes: 2 * GB },
    },
    children: [],
    scenarios: [],
    benchmarks: [],
    ...parts,
  };
}

/** The same host with this many logical processors. */
export function withLps(model: HostModel, lps: number): HostModel {
  const processor = { ...model.hardware.processor, coresPerSocket: lps };
  return { ...model, hardware: { ...model.hardware, processor } };
}

/** Costs that leave nothing but the work itself: for oracles of queueing theory. */
export const IDEAL: Record<string, number> = {
  'vm-exit': 0,
  hypercall: 0,
  'context-switch': 0,
  'virtual-interrupt': 0,
  'memory-slat': 0,
  'memory-shadow': 0,
  'parent-services': 0,
  'cache-refill': 0,
  'numa-remote': 0,
};

/** Steps of booting that take no time. */
export const INSTANT: Record<string, number> = {
  'create-partition': 0,
  'create-step': 0,
  'create-map-gigabyte': 0,
  'guest-firmware': 0,
  'guest-boot': 1,
  'guest-loader-bytes': 0,
  'guest-boot-bytes': 0,
  'parent-services': 0,
};

export function withCosts(model: HostModel, ...costs: Record<string, number>[]): HostModel {
  return { ...model, hypervisor: { ...model.hypervisor, costsNs: Object.assign({}, ...costs) } };
}

export function child(name: string, parts: Partial<Child> = {}): Child {
  return {
    name,
    operatingSystem: 'Windows Server 2008 R2',
    kind: 'enlightened',
    generation: 1,
    processors: { count: 1, reservePercent: 0, limitPercent: 100, weight: 100 },
    memory: { kind: 'static', startupBytes: GB / 2 },
    disks: [],
    nics: [],
    integrationServicesOff: [],
    start: { action: 'always', delayNs: 0 },
    stop: 'shut-down',
    ...parts,
  };
}

export function workload(parts: Partial<Workload> = {}): Workload {
  return {
    name: 'Work',
    arrival: { kind: 'open', requestsPerSecond: 100 },
    cpuNs: 1e6,
    cpuDistribution: 'constant',
    readBytes: 0,
    writeBytes: 0,
    sendBytes: 0,
    ...parts,
  };
}

/** More work than any processor has time for. */
export function endless(): Workload {
  return workload({ arrival: { kind: 'closed', clients: 4, thinkNs: 0 }, cpuNs: 3e6 });
}

export function disk(controller: 'ide' | 'scsi' = 'scsi', slot = 0): Child['disks'][number] {
  return { file: 'd.vhd', bytes: 20e9, format: 'vhd', allocation: 'fixed', physicalDisk: 'raid0', controller, slot };
}

export function nic(kind: 'synthetic' | 'legacy' = 'synthetic'): Child['nics'][number] {
  return { switch: 'Mall', kind, vlan: null };
}

export function scenario(parts: Partial<Scenario>): Scenario {
  return { name: 'S', steps: [], expectations: [], ...parts };
}

export function options(parts: Partial<RunOptions> = {}): RunOptions {
  return { seed: 1, horizonNs: 10e9, scenario: null, snapshotEveryNs: 1e9, speed: null, trace: false, ...parts };
}

function engineFor(model: HostModel, run: Partial<RunOptions> = {}): Engine {
  const engine = createEngine(model, options(run));
  if ('code' in engine) throw new Error(`${engine.code}: ${engine.message}`);
  return engine;
}

export interface Ran {
  events: EngineEvent[];
  snapshots: Snapshot[];
  result: RunResult;
}

/** Runs a model to its end. */
export function run(model: HostModel, parts: Partial<RunOptions> = {}): Ran {
  const engine = engineFor(model, parts);
  const events: EngineEvent[] = [];
  while (!engine.finished) events.push(...engine.advance(100_000));
  const last = events.at(-1);
  if (last?.type !== 'finished') throw new Error('the run did not finish');
  const snapshots = events.flatMap((event) => (event.type === 'snapshot' ? [event.snapshot] : []));
  return { events, snapshots, result: last.result };
}

/** The part of a total that belongs to one partition. */
export function partitionOf(result: RunResult, name: string): Snapshot['partitions'][number] {
  const found = result.total.partitions.find((partition) => partition.name === name);
  if (!found) throw new Error(`no partition ${name}`);
  return found;
}

/** The host of `examples/cathedral.hvhost`. */
export function cathedral(): HostModel {
  const base = host();
  const boot = { ...disk('ide'), file: 'web.vhd', bytes: 60e9 };
  return {
    ...base,
    name: 'Cathedral',
    hardware: {
      ...base.hardware,
      processor: { ...base.hardware.processor, sockets: 2, coresPerSocket: 2, frequencyHz: 2.8e9, slat: false },
      disks: [{ name: 'raid0', title: 'HP LOGICAL VOLUME', bytes: 1.2e12, medium: 'rotational' }],
    },
    children: [
      child('web', {
        processors: { count: 2, reservePercent: 10, limitPercent: 75, weight: 200 },
        memory: {
          kind: 'dynamic',
          startupBytes: 2 * GB,
          minimumBytes: GB,
          maximumBytes: 8 * GB,
          bufferPercent: 20,
          priority: 50,
        },
        disks: [boot, { ...disk('scsi'), file: 'web-data.vhd', bytes: 200e9 }],
        nics: [nic()],
        workload: workload({
          name: 'WebServer',
          arrival: { kind: 'open', requestsPerSecond: 400 },
          cpuNs: 2e6,
          readBytes: 8192,
          writeBytes: 4096,
          sendBytes: 16_384,
        }),
      }),
      child('payroll', {
        operatingSystem: 'Windows NT 4.0',
        kind: 'legacy',
        memory: { kind: 'static', startupBytes: GB / 4 },
        disks: [{ ...boot, file: 'payroll.vhd', bytes: 4e9 }],
        nics: [nic('legacy')],
        workload: workload({
          name: 'Payroll',
          arrival: { kind: 'closed', clients: 2, thinkNs: 500e6 },
          cpuNs: 5e6,
          readBytes: 4096,
          writeBytes: 4096,
        }),
      }),
      child('mail', {
        operatingSystem: 'SUSE Linux Enterprise Server 10',
        kind: 'xen',
        memory: { kind: 'static', startupBytes: GB },
        disks: [{ ...boot, file: 'mail.vhd', bytes: 40e9 }],
        nics: [nic()],
        workload: workload({
          name: 'MailServer',
          arrival: { kind: 'open', requestsPerSecond: 60 },
          cpuNs: 3e6,
          readBytes: 4096,
          writeBytes: 16_384,
          sendBytes: 8192,
        }),
      }),
    ],
    scenarios: [
      {
        name: 'MondayMorning',
        steps: [
          { atNs: 0, action: { kind: 'life', verb: 'start', target: { kind: 'all' } } },
          { atNs: 30e9, action: { kind: 'rate', child: 'web', requestsPerSecond: 600 } },
          { atNs: 60e9, action: { kind: 'life', verb: 'fail', target: { kind: 'parent' } } },
        ],
        expectations: [
          {
            text: 'web latency p95 < 50 ms between 30 s and 60 s',
            kind: 'metric',
            target: { kind: 'child', name: 'web' },
            metric: 'latency',
            statistic: 'p95',
            comparison: '<',
            value: 50e6,
            fromNs: 30e9,
            toNs: 60e9,
          },
          {
            text: 'all children stopped after 60 s',
            kind: 'state',
            target: { kind: 'all' },
            state: 'stopped',
            fromNs: 60e9,
            toNs: null,
          },
        ],
      },
    ],
  };
}
