import type { PartitionSnapshot, Snapshot } from '../../../../src/protocol/snapshot.js';

const GB = 1024 ** 3;

/** Made by hand, so that what is expected of an export does not change with the engine. */
export function snapshots(): Snapshot[] {
  const empty = {
    partitions: [],
    logicalProcessors: [],
    disks: [],
    nics: [],
    switches: [],
    adapters: [],
    channels: [],
    events: [],
  };
  const memory = { totalBytes: 16 * GB, parentBytes: 2 * GB, childrenBytes: 0, freeBytes: 14 * GB, balancer: null };
  const booting: Snapshot = { ...empty, timeNs: 1e9, intervalNs: 1e9, phase: 'metal', memory };
  const up: Snapshot = {
    ...booting,
    timeNs: 61.25e9,
    phase: 'ready',
    partitions: [parent(), child('web', 'waiting'), child('payroll', 'running')],
    logicalProcessors: [
      { busyPercent: 60, hypervisorPercent: 1.5 },
      { busyPercent: 40, hypervisorPercent: 0.5 },
    ],
    disks: [
      {
        name: 'raid0',
        busyPercent: 12.5,
        readBytesPerSecond: 8192,
        writeBytesPerSecond: 4096,
        queue: 3,
        failed: 0,
        lostBytes: 0,
      },
    ],
    nics: [{ name: 'lan1', sendBytesPerSecond: 1e6 / 3, receiveBytesPerSecond: 2048 }],
    memory: { ...memory, balancer: { availableBytes: 4 * GB, averagePressurePercent: 90 } },
  };
  const busy: Snapshot = {
    ...up,
    timeNs: 62.25e9,
    partitions: [parent(), { ...child('web', 'running'), work: work() }, child('payroll', 'running')],
    switches: [{ name: 'Mall', framesPerSecond: 600, bytesPerSecond: 8.4e6, droppedPerSecond: 0.5 }],
    adapters: [
      {
        child: 'web',
        adapter: 0,
        switch: 'Mall',
        sentPerSecond: 400,
        sentBytesPerSecond: 6.5e6,
        receivedPerSecond: 200,
        receivedBytesPerSecond: 409_600,
        direct: false,
      },
    ],
    channels: [
      channel('storage', {
        packetsPerSecond: 800,
        signalsPerSecond: 900,
        bytesPerSecond: 89_600,
        ringPeakPercent: 2.5,
      }),
      channel('network', { packetsPerSecond: 400, signalsPerSecond: 410, bytesPerSecond: 12_800, ringPeakPercent: 50 }),
    ],
  };
  return [booting, up, busy, { ...busy, intervalNs: 0 }];
}

function parent(): PartitionSnapshot {
  return { ...child('parent', 'running'), role: 'parent', vpPercent: 5.25, exitsPerSecond: {} };
}

function child(name: string, state: PartitionSnapshot['state']): PartitionSnapshot {
  const small = name === 'payroll';
  return {
    name,
    role: 'child',
    state,
    virtualProcessors: { count: small ? 1 : 3, running: 0, ready: 0, waiting: 1 },
    cpuPercent: 10,
    vpPercent: small ? 10 : 50,
    readyPercent: 0.25,
    vpTimes: Array.from({ length: small ? 1 : 3 }, (_, vp) => ({
      runningPercent: 10 * vp,
      readyPercent: 0.25,
      waitingPercent: 99.75 - 10 * vp,
      suspendedPercent: 0,
      remotePercent: 0,
    })),
    memory: {
      assignedBytes: small ? 256 * 1024 ** 2 : 2 * GB + 4096,
      demandBytes: 0,
      remoteBytes: small ? 4096 : 0,
      dynamic: small ? null : dynamic(),
    },
    work: null,
    exitsPerSecond: { halt: 100, hypercall: small ? 0 : 1200, 'I/O port': small ? 30 : 0, interrupt: 7 },
  };
}

function dynamic(): PartitionSnapshot['memory']['dynamic'] {
  return {
    minimumBytes: GB,
    maximumBytes: 8 * GB,
    visibleBytes: 3 * GB,
    pressurePercent: 83.5,
    averagePressurePercent: 90,
    addOperations: 2,
    removeOperations: 1,
    smartPagingBytes: 0,
  };
}

function work(): PartitionSnapshot['work'] {
  const latencyNs = { mean: 4.2e6, p50: 4e6, p95: 9.75e6, p99: 1e7, max: 2e7 };
  return { completed: 400, failed: 0, throughputPerSecond: 400, latencyNs, waiting: 2 };
}

function channel(device: 'storage' | 'network', figures: Omit<Snapshot['channels'][number], 'child' | 'device'>) {
  return { child: 'web', device, ...figures };
}
