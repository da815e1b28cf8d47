import type { HostParts } from '../host-parts.js';
import { EXIT_REASONS } from '../hypervisor/exits.js';
import type { ChildMachine } from '../parent/child-machine.js';
import type { AdapterTraffic } from '../parent/network/virtual-adapter.js';
import type { FrameCount } from '../parent/switch/switch-ledger.js';
import { CHANNEL_DEVICES } from '../vmbus/traffic.js';

/** Every counter of the host at one moment; the difference of two is an interval. */
export interface Counters {
  timeNs: number;
  lpBusyNs: number[];
  lpHypervisorNs: number[];
  /** By partition, the root first. */
  runNs: number[];
  readyNs: number[];
  exits: number[][];
  /** Hypercalls of each partition that the adapter for Xen-enabled guests has translated. */
  translated: number[];
  /** By VP, the time in each state, and that lost to memory on other nodes. */
  vpNs: Record<'running' | 'ready' | 'waiting' | 'suspended' | 'remote', Float64Array>;
  answered: number[];
  /** Requests of each child that ended with an error of a device. */
  failed: number[];
  /** How long each child has been serving: booted, and neither paused nor stopping. */
  servingNs: number[];
  disks: { busyNs: number; readBytes: number; writtenBytes: number; failed: number; lostBytes: number }[];
  nics: { sentBytes: number; receivedBytes: number }[];
  switches: { sent: FrameCount; dropped: FrameCount }[];
  /** By child and adapter. */
  adapters: AdapterTraffic[][];
  traffic: { packets: number; signals: number; bytes: number }[];
}

/** Reads all counters; the caller has brought them up to now. */
export function readCounters(parts: HostParts, children: readonly ChildMachine[]): Counters {
  const { vps, lps, exits } = parts;
  const partitions = children.length + 1;
  const runNs = new Array<number>(partitions).fill(0);
  const readyNs = new Array<number>(partitions).fill(0);
  for (let vp = 0; vp < vps.count; vp++) {
    const partition = vps.partition[vp]!;
    runNs[partition] = runNs[partition]! + vps.runNs[vp]!;
    readyNs[partition] = readyNs[partition]! + vps.readyNs[vp]!;
  }
  return {
    timeNs: parts.timers.nowNs,
    lpBusyNs: [...lps.times.busyNs],
    lpHypervisorNs: [...lps.times.hypervisorNs],
    runNs,
    readyNs,
    vpNs: {
      running: vps.runNs.slice(),
      ready: vps.readyNs.slice(),
      waiting: vps.waitingNs.slice(),
      suspended: vps.suspendedNs.slice(),
      remote: vps.remoteNs.slice(),
    },
    translated: runNs.map((_, partition) => exits.translatedOf(partition)),
    exits: runNs.map((_, partition) => EXIT_REASONS.map((reason) => exits.of(partition, reason))),
    answered: children.map(({ work }) => work.total.count),
    failed: children.map(({ work }) => work.failures.count),
    servingNs: children.map(({ work }) => work.servingNs()),
    disks: [...parts.disks.values()].map(({ busyNs, readBytes, writtenBytes, failed, lost }) => ({
      busyNs,
      readBytes,
      writtenBytes,
      failed,
      lostBytes: lost.bytes,
    })),
    nics: [...parts.nics.values()].map(({ transmit, receive }) => ({
      sentBytes: transmit.carriedBytes,
      receivedBytes: receive.carriedBytes,
    })),
    switches: [...parts.switches.values()].map(({ network: { ledger } }) => ({
      sent: { ...ledger.sent },
      dropped: { ...ledger.dropped },
    })),
    adapters: children.map(({ adapters }) => adapters.map((adapter) => adapter.traffic())),
    traffic: children.flatMap(({ traffic }) => CHANNEL_DEVICES.map((device) => ({ ...traffic[device] }))),
  };
}
