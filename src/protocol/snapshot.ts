/** The state of the host at one moment; rates and percentages are over the interval since the snapshot before. */
export interface Snapshot {
  timeNs: number;
  intervalNs: number;
  phase: HostPhase;
  partitions: PartitionSnapshot[];
  logicalProcessors: { busyPercent: number; hypervisorPercent: number }[];
  memory: {
    totalBytes: number;
    parentBytes: number;
    childrenBytes: number;
    freeBytes: number;
    /** Null where no child has dynamic memory. */
    balancer: { availableBytes: number; averagePressurePercent: number } | null;
  };
  disks: {
    name: string;
    busyPercent: number;
    readBytesPerSecond: number;
    writeBytesPerSecond: number;
    queue: number;
    /** Requests of the interval that were answered with an error. */
    failed: number;
    /** Acknowledged as written, and lost with the power in the interval. */
    lostBytes: number;
  }[];
  nics: { name: string; sendBytesPerSecond: number; receiveBytesPerSecond: number }[];
  switches: SwitchSnapshot[];
  /** Of the children that were started, in their order. */
  adapters: AdapterSnapshot[];
  channels: ChannelSnapshot[];
  /** What happened since the snapshot before, in order of time, on every host. */
  events: RunEvent[];
  /** The other hosts of the run; absent where it has one. */
  peers?: PeerSnapshot[];
}

/** Another host at the same moment; what happened there is among the events of the run. */
export interface PeerSnapshot extends Omit<Snapshot, 'events' | 'peers'> {
  host: string;
}

export type HostPhase =
  | 'firmware'
  | 'metal'
  | 'role-install'
  | 'reboot'
  | 'hypervisor'
  | 'root'
  | 'services'
  | 'ready'
  | 'down';

export type PartitionState =
  | 'off'
  | 'waiting'
  | 'starting'
  | 'running'
  | 'paused'
  | 'saving'
  | 'saved'
  | 'restoring'
  /** On its way to another host: its guest does not run, here or there. */
  | 'migrating'
  /** It lives on another host. */
  | 'moved'
  | 'stopping'
  | 'stopped'
  | 'refused'
  | 'failed';

export interface PartitionSnapshot {
  name: string;
  role: 'parent' | 'child';
  state: PartitionState;
  /** Why it is refused or failed. */
  reason?: string;
  virtualProcessors: { count: number; running: number; ready: number; waiting: number };
  /** Percent of all logical processors of the host. */
  cpuPercent: number;
  /** Percent of its own virtual processors. */
  vpPercent: number;
  /** Time ready but not running, percent of its own virtual processors. */
  readyPercent: number;
  /** Where the time of each of its virtual processors went. */
  vpTimes: VpTimes[];
  memory: {
    assignedBytes: number;
    /** What its operating system and its work need now. */
    demandBytes: number;
    /** Of the assigned memory, what lies on other NUMA nodes than its own. */
    remoteBytes: number;
    /** Null where the memory does not follow the demand. */
    dynamic: DynamicMemorySnapshot | null;
  };
  /** Null where no workload runs. */
  work: WorkSnapshot | null;
  exitsPerSecond: Record<string, number>;
  /** Of its hypercalls, those that were translated from Xen's; only of a Xen-enabled child on Hyper-V. */
  translatedHypercallsPerSecond?: number;
  /** What the guest said of itself by key-value exchange: "OSName" and its like. */
  told?: Record<string, string>;
}

export interface DynamicMemorySnapshot {
  minimumBytes: number;
  maximumBytes: number;
  /** What the guest has been shown so far; a balloon does not take from it. */
  visibleBytes: number;
  /** Memory demanded as a percentage of memory assigned, as the guest reported it last. */
  pressurePercent: number;
  averagePressurePercent: number;
  /** Since the host was switched on. */
  addOperations: number;
  removeOperations: number;
  /** Visible, but lent by a file of the parent since a start for which memory was short. */
  smartPagingBytes: number;
}

/**
 * Percent of the interval in each state of TLFS 2.0a §10.1.3; what is missing to 100 is the switching to it. A VP that
 * used up its limit is waiting.
 */
export interface VpTimes {
  runningPercent: number;
  readyPercent: number;
  waitingPercent: number;
  suspendedPercent: number;
  /** Of the running time, that in which it did not get on because its memory is on another NUMA node. */
  remotePercent: number;
}

export interface WorkSnapshot {
  completed: number;
  /** Requests that ended with an error of a device; they have no latency and are not among the completed ones. */
  failed: number;
  /** Over the time the child was serving in the interval: booted, and neither paused nor stopping. */
  throughputPerSecond: number;
  /** Null when no request completed in the interval. */
  latencyNs: { mean: number; p50: number; p95: number; p99: number; max: number } | null;
  waiting: number;
}

export interface ChannelSnapshot {
  child: string;
  device: 'storage' | 'network' | 'memory';
  packetsPerSecond: number;
  signalsPerSecond: number;
  bytesPerSecond: number;
  /** Fullest the ring was in the interval. */
  ringPeakPercent: number;
}

/** Frames of the model, which may be large sends of many frames of the wire. */
export interface SwitchSnapshot {
  name: string;
  /** What came into the switch. */
  framesPerSecond: number;
  bytesPerSecond: number;
  /** For nobody who is there, or for a port that was full. */
  droppedPerSecond: number;
}

/** What a virtual adapter sent and received in the interval. */
export interface AdapterSnapshot {
  child: string;
  /** Its place among the adapters of the child, from 0. */
  adapter: number;
  switch: string;
  sentPerSecond: number;
  sentBytesPerSecond: number;
  receivedPerSecond: number;
  receivedBytesPerSecond: number;
  /** Its frames go through a virtual function at the moment of the snapshot. */
  direct: boolean;
}

export interface RunEvent {
  /** When it happened; for things that take time, when they ended. */
  timeNs: number;
  /** Present for things that take time: they began this long before `timeNs`. */
  durationNs?: number;
  /** The peer it happened on; absent on the host that the run is about. */
  host?: string;
  /** Null for the host itself. */
  partition: string | null;
  category: 'boot' | 'life' | 'vmbus' | 'memory' | 'scenario' | 'fault';
  /** Short and in the field's words: "HvCreatePartition", "offer: synthetic SCSI controller". */
  title: string;
  detail?: string;
}
