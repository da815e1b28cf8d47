import { flavourOf } from '../../model/catalog/parent-flavours.js';
import { PARENT_NAME } from '../../model/devices.js';
import type {
  AdapterSnapshot,
  ChannelSnapshot,
  HostPhase,
  PartitionSnapshot,
  PartitionState,
  Snapshot,
  SwitchSnapshot,
  VpTimes,
  WorkSnapshot,
} from '../../protocol/snapshot.js';
import { PAGE_BYTES } from '../hardware/system-memory.js';
import type { HostParts } from '../host-parts.js';
import { EXIT_REASONS } from '../hypervisor/exits.js';
import { VpState } from '../hypervisor/virtual-processors.js';
import { openChannelsOf } from '../parent/child-devices.js';
import type { ChildMachine } from '../parent/child-machine.js';
import type { MemoryBalancer } from '../parent/dynamic-memory/memory-balancer.js';
import { CHANNEL_DEVICES, takePeakPercent } from '../vmbus/traffic.js';
import type { Counters } from './counters.js';
import type { Histogram } from './histogram.js';

/** What a snapshot tells beside the counters. */
export interface Moment {
  phase: HostPhase;
  parentState: PartitionState;
  balancer: MemoryBalancer | null;
  /** Over the whole run, channels that are closed by now count as well. */
  wholeRun: boolean;
  /** The latencies that belong to the interval. */
  latencies: (child: ChildMachine) => Histogram;
}

/** The state of the host now, with rates over the interval between two readings of its counters. */
export function takeSnapshot(
  parts: HostParts,
  children: readonly ChildMachine[],
  from: Counters,
  to: Counters,
  moment: Moment,
): Snapshot {
  const intervalNs = to.timeNs - from.timeNs;
  const percent = (ns: number, of = 1) => (intervalNs > 0 ? (100 * ns) / (intervalNs * of) : 0);
  const perSecond = (amount: number) => (intervalNs > 0 ? (amount * 1e9) / intervalNs : 0);
  const lpCount = parts.lps.lpCount;

  const partition = (index: number, firstVp: number, vpCount: number) => ({
    virtualProcessors: countVps(parts, firstVp, vpCount),
    cpuPercent: percent(to.runNs[index]! - from.runNs[index]!, lpCount),
    vpPercent: percent(to.runNs[index]! - from.runNs[index]!, vpCount),
    readyPercent: percent(to.readyNs[index]! - from.readyNs[index]!, vpCount),
    vpTimes: Array.from({ length: vpCount }, (_, i): VpTimes => {
      const inState = (state: keyof Counters['vpNs']) =>
        percent(to.vpNs[state][firstVp + i]! - from.vpNs[state][firstVp + i]!);
      return {
        runningPercent: inState('running'),
        readyPercent: inState('ready'),
        waitingPercent: inState('waiting'),
        suspendedPercent: inState('suspended'),
        remotePercent: inState('remote'),
      };
    }),
    exitsPerSecond: Object.fromEntries(
      EXIT_REASONS.map((reason, i) => [reason, perSecond(to.exits[index]![i]! - from.exits[index]![i]!)]),
    ),
  });

  const flavour = flavourOf(parts.model);
  const parent = (): PartitionSnapshot => ({
    name: PARENT_NAME,
    role: 'parent',
    state: moment.parentState,
    ...partition(0, 0, parts.root.vpCount),
    memory: {
      assignedBytes: parentBytes,
      demandBytes: flavour?.memoryBytes.value ?? parentBytes,
      remoteBytes: 0,
      dynamic: null,
    },
    work: null,
  });

  const work = (child: ChildMachine, index: number): WorkSnapshot | null => {
    if (!child.child.workload || !child.isResident) return null;
    const histogram = moment.latencies(child);
    const completed = to.answered[index]! - from.answered[index]!;
    const servingNs = to.servingNs[index]! - from.servingNs[index]!;
    return {
      completed,
      failed: to.failed[index]! - from.failed[index]!,
      throughputPerSecond: servingNs > 0 ? (completed * 1e9) / servingNs : 0,
      latencyNs: summary(histogram),
      waiting: child.guest?.requests.underWay ?? 0,
    };
  };

  const parentBytes = parts.model.parent?.reserve.memoryBytes ?? 0;
  const totalBytes = parts.memory.totalPages * PAGE_BYTES;
  const childrenBytes = (parts.memory.totalPages - parts.memory.freePages) * PAGE_BYTES;

  return {
    timeNs: to.timeNs,
    intervalNs,
    phase: moment.phase,
    partitions: [
      ...(parts.architecture.parent === null ? [] : [parent()]),
      ...children.flatMap((child, i): PartitionSnapshot[] => {
        if (!isShown(child)) return [];
        const snapshot: PartitionSnapshot = {
          name: child.name,
          role: 'child',
          state: child.state,
          ...partition(i + 1, child.firstVp, child.child.processors.count),
          memory: memoryOf(child),
          work: work(child, i),
        };
        if (child.reason !== undefined) snapshot.reason = child.reason;
        const told = child.devices?.services?.told;
        if (told && told.size > 0) snapshot.told = Object.fromEntries(told);
        if (child.child.kind === 'xen' && parts.architecture.devices.xenAdapter)
          snapshot.translatedHypercallsPerSecond = perSecond(to.translated[i + 1]! - from.translated[i + 1]!);
        return [snapshot];
      }),
    ],
    logicalProcessors: to.lpBusyNs.map((busyNs, lp) => ({
      busyPercent: percent(busyNs - from.lpBusyNs[lp]!),
      hypervisorPercent: percent(to.lpHypervisorNs[lp]! - from.lpHypervisorNs[lp]!),
    })),
    memory: {
      totalBytes,
      parentBytes,
      childrenBytes,
      freeBytes: Math.max(0, totalBytes - parentBytes - childrenBytes),
      balancer: moment.balancer && {
        availableBytes: moment.balancer.availableBytes,
        averagePressurePercent: moment.balancer.averagePressurePercent,
      },
    },
    disks: [...parts.disks.values()].map((disk, i) => ({
      name: disk.disk.name,
      busyPercent: percent(to.disks[i]!.busyNs - from.disks[i]!.busyNs, disk.units),
      readBytesPerSecond: perSecond(to.disks[i]!.readBytes - from.disks[i]!.readBytes),
      writeBytesPerSecond: perSecond(to.disks[i]!.writtenBytes - from.disks[i]!.writtenBytes),
      queue: disk.queueLength,
      failed: to.disks[i]!.failed - from.disks[i]!.failed,
      lostBytes: to.disks[i]!.lostBytes - from.disks[i]!.lostBytes,
    })),
    nics: [...parts.nics.values()].map((nic, i) => ({
      name: nic.nic.name,
      sendBytesPerSecond: perSecond(to.nics[i]!.sentBytes - from.nics[i]!.sentBytes),
      receiveBytesPerSecond: perSecond(to.nics[i]!.receivedBytes - from.nics[i]!.receivedBytes),
    })),
    switches: switchesOf(parts, from, to, perSecond),
    adapters: children.flatMap((child, i) => adaptersOf(child, i, from, to, perSecond)),
    channels: children.flatMap((child, i) => channelsOf(child, i, from, to, perSecond, moment.wholeRun)),
    events: [],
  };
}

/** A child of another host is shown while something of it is here. */
function isShown({ isNative, isResident, state }: ChildMachine): boolean {
  return isNative || isResident || state !== 'off';
}

function memoryOf(child: ChildMachine): PartitionSnapshot['memory'] {
  const { assignedBytes, demandBytes, partition, dynamic } = child;
  return {
    assignedBytes,
    demandBytes,
    remoteBytes: partition === null ? 0 : Math.round(partition.remoteShare(partition.home) * assignedBytes),
    dynamic: dynamic && {
      minimumBytes: dynamic.bounds.minimumBytes,
      maximumBytes: dynamic.bounds.maximumBytes,
      visibleBytes: dynamic.visiblePages * PAGE_BYTES,
      pressurePercent: dynamic.pressurePercent,
      averagePressurePercent: dynamic.averagePressurePercent,
      addOperations: dynamic.addOperations,
      removeOperations: dynamic.removeOperations,
      smartPagingBytes: dynamic.smartPagedPages * PAGE_BYTES,
    },
  };
}

function channelsOf(
  child: ChildMachine,
  index: number,
  from: Counters,
  to: Counters,
  perSecond: (amount: number) => number,
  wholeRun: boolean,
): ChannelSnapshot[] {
  return CHANNEL_DEVICES.flatMap((device, i) => {
    const channels = openChannelsOf(child.devices, device);
    const traffic = child.traffic[device];
    if (wholeRun ? traffic.packets === 0 : channels.length === 0) return [];
    const before = from.traffic[CHANNEL_DEVICES.length * index + i]!;
    const after = to.traffic[CHANNEL_DEVICES.length * index + i]!;
    return {
      child: child.name,
      device,
      packetsPerSecond: perSecond(after.packets - before.packets),
      signalsPerSecond: perSecond(after.signals - before.signals),
      bytesPerSecond: perSecond(after.bytes - before.bytes),
      ringPeakPercent: wholeRun ? traffic.highestPercent : takePeakPercent(channels, traffic),
    };
  });
}

function switchesOf(
  { switches }: HostParts,
  from: Counters,
  to: Counters,
  perSecond: (amount: number) => number,
): SwitchSnapshot[] {
  return [...switches.keys()].map((name, i) => {
    const [before, after] = [from.switches[i]!, to.switches[i]!];
    return {
      name,
      framesPerSecond: perSecond(after.sent.frames - before.sent.frames),
      bytesPerSecond: perSecond(after.sent.bytes - before.sent.bytes),
      droppedPerSecond: perSecond(after.dropped.frames - before.dropped.frames),
    };
  });
}

function adaptersOf(
  { name, adapters }: ChildMachine,
  index: number,
  from: Counters,
  to: Counters,
  perSecond: (amount: number) => number,
): AdapterSnapshot[] {
  return adapters.flatMap((adapter, i) => {
    const [before, after] = [from.adapters[index]![i]!, to.adapters[index]![i]!];
    if (!adapter.isPlugged && after.sent + after.received === 0) return [];
    return {
      child: name,
      adapter: i,
      switch: adapter.nic.switch,
      sentPerSecond: perSecond(after.sent - before.sent),
      sentBytesPerSecond: perSecond(after.sentBytes - before.sentBytes),
      receivedPerSecond: perSecond(after.received - before.received),
      receivedBytesPerSecond: perSecond(after.receivedBytes - before.receivedBytes),
      direct: adapter.isDirect,
    };
  });
}

function countVps(parts: HostParts, firstVp: number, count: number): PartitionSnapshot['virtualProcessors'] {
  const counted = { count, running: 0, ready: 0, waiting: 0 };
  for (let vp = firstVp; vp < firstVp + count; vp++) {
    const state = parts.vps.state[vp];
    if (state === VpState.Running) counted.running++;
    else if (state === VpState.Ready) counted.ready++;
    else if (state === VpState.Waiting) counted.waiting++;
  }
  return counted;
}

function summary(histogram: Histogram): WorkSnapshot['latencyNs'] {
  if (histogram.count === 0) return null;
  return {
    mean: histogram.mean,
    p50: histogram.percentile(50),
    p95: histogram.percentile(95),
    p99: histogram.percentile(99),
    max: histogram.max,
  };
}
