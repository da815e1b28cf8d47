/**
 * What a host IS: plain, serialisable data. The language produces it, the engine reads nothing else.
 *
 * Units are in the names: `Bytes`, `Hz`, `Ns` (nanoseconds), `BitsPerSecond`, `Percent` (0 to 100), `PerSecond`.
 * Every number is finite; every integer is a safe integer. The published JSON Schema is made from this file.
 */
import type { Scenario } from './scenario.js';

/** Raised whenever a reader of an older version could misread the data. */
export const HOST_MODEL_VERSION = 1;

export interface HostModel {
  version: typeof HOST_MODEL_VERSION;
  name: string;
  documentation?: string;
  hardware: Hardware;
  hypervisor: Hypervisor;
  switches: VirtualSwitch[];
  cpuGroups: CpuGroup[];
  /** The privileged partition (root, dom0, host operating system); null where the architecture has none (esxi). */
  parent: Parent | null;
  /** In the order of the file, which is also the order in which they are started. */
  children: Child[];
  scenarios: Scenario[];
  benchmarks: Benchmark[];
  /** The network that live migrations take; absent where the file names none. */
  migration?: { nic: string };
  /** The other hosts that its scenarios name, without scenarios of their own. */
  peers?: HostModel[];
}

// --- hardware ------------------------------------------------------------------------------------------------

export interface Hardware {
  name: string;
  /** What the machine calls itself, e.g. "HP ProLiant DL585 G2"; the name when the file gives none. */
  title: string;
  documentation?: string;
  processor: Processor;
  memory: { bytes: number; ecc: boolean; numaNodes: number };
  disks: PhysicalDisk[];
  nics: PhysicalNic[];
  displays: NamedDevice[];
  management: NamedDevice[];
}

export interface Processor {
  title: string;
  sockets: number;
  coresPerSocket: number;
  /** 2 with simultaneous multithreading, else 1. */
  threadsPerCore: number;
  frequencyHz: number;
  /** Hardware-assisted virtualization (AMD-V, Intel VT-x), switched on in firmware. */
  virtualization: boolean;
  /** Hardware data execution prevention (NX, XD), switched on in firmware. */
  dep: boolean;
  /** Second-level address translation (NPT, EPT). */
  slat: boolean;
}

export interface PhysicalDisk {
  name: string;
  title: string;
  bytes: number;
  medium: DiskMedium;
  /** The write cache loses what it holds with the power; where it is absent, a battery or capacitor protects it. */
  volatileCache?: true;
  /** Storage of several hosts: each of them that has a shared disk of this name has the same one. */
  shared?: true;
}
export type DiskMedium = 'rotational' | 'ssd' | 'nvme';

export interface PhysicalNic {
  name: string;
  title: string;
  bitsPerSecond: number;
  /** How many virtual functions (SR-IOV) it can give to children; none where this is absent. */
  virtualFunctions?: number;
}

export interface NamedDevice {
  title: string;
}

// --- hypervisor, switches, parent ----------------------------------------------------------------------------

export type Architecture = 'hyper-v' | 'esxi' | 'xen' | 'kvm' | 'hosted';
export type SchedulerKind = 'classic' | 'core' | 'root';

/** `budget`: so much of each period, at full speed; `rate`: evenly, within a millisecond. */
export type LimitKind = 'budget' | 'rate';

export interface Hypervisor {
  architecture: Architecture;
  /** As written, without blanks: "2008R2", "5", "4.19"; null when the file gives none. */
  release: string | null;
  /** The product of a hosted hypervisor, e.g. "VMware Workstation". */
  product?: string;
  /**
   * Chosen in the file; null means the release's default (see the catalog). `ideal` is none that exists, but a fluid for
   * reference, on every architecture.
   */
  scheduler: SchedulerKind | 'ideal' | null;
  /** How reserve and limit are kept; the budgets of the architecture when the file says nothing. */
  limits?: LimitKind;
  /** `false`: the memory of a child lies on one NUMA node, or it does not start. */
  numaSpanning?: boolean;
  /** Costs the file sets itself, by id of the cost table, in nanoseconds. */
  costsNs: Record<string, number>;
}

export interface VirtualSwitch {
  name: string;
  documentation?: string;
  kind: 'external' | 'internal' | 'private';
  /** The physical NIC of an external switch. */
  nic?: string;
}

/** Children whose virtual processors together take at most a part of the host (Windows Server 2016 and later). */
export interface CpuGroup {
  name: string;
  documentation?: string;
  /** Of all logical processors of the host. */
  limitPercent: number;
}

export interface Parent {
  operatingSystem: string;
  flavour: 'full' | 'core' | 'hyper-v-server' | 'client';
  /** VPs of the root partition ("minroot"); null means one per logical processor. */
  virtualProcessors: number | null;
  reserve: ParentReserve;
}

/** What the parent takes off the top before any child. */
export interface ParentReserve {
  /** `default`: 20 % and 2 GB; `manual`: said in the file; `automatic`: the documented formula, no CPU reserve. */
  policy: 'default' | 'manual' | 'automatic';
  cpuPercent: number;
  memoryBytes: number;
}

// --- children ------------------------------------------------------------------------------------------------

/** `enlightened`: VSCs over VMBus; `legacy`: emulated devices only; `xen`: Xen-enabled Linux through the hypercall adapter; `machine`: executes a real kernel. */
export type ChildKind = 'enlightened' | 'legacy' | 'xen' | 'machine';

export interface Child {
  name: string;
  documentation?: string;
  operatingSystem: string;
  kind: ChildKind;
  generation: 1 | 2;
  processors: ChildProcessors;
  memory: ChildMemory;
  disks: VirtualDisk[];
  nics: VirtualNic[];
  /** Names from INTEGRATION_SERVICES that are switched off in the file. */
  integrationServicesOff: string[];
  /** `bare`: on emulated devices only, on a processor that knows of no hypervisor. */
  boots?: { kernel: string; initrd?: string; commandLine?: string; bare?: true };
  workload?: Workload;
  /** The child to which its work sends; the outside where this is absent. */
  sendsTo?: string;
  start: { action: 'always' | 'if-running' | 'never'; delayNs: number };
  stop: 'shut-down' | 'save' | 'turn-off';
}

/** The hypervisor's triple. Reserve and limit are percentages of ONE logical processor, for EACH virtual processor. */
export interface ChildProcessors {
  count: number;
  reservePercent: number;
  limitPercent: number;
  /** Of each VP, 1 to 10,000; 100 unless said otherwise. ESXi's shares are ten times this. */
  weight: number;
  /** The CPU group it belongs to. */
  group?: string;
}

export type ChildMemory =
  | { kind: 'static'; startupBytes: number }
  | {
      kind: 'dynamic';
      startupBytes: number;
      minimumBytes: number;
      maximumBytes: number;
      /** Extra memory as a percentage of the demand. */
      bufferPercent: number;
      /** 0 to 100; 50 unless said otherwise. */
      priority: number;
    };

export interface VirtualDisk {
  file: string;
  bytes: number;
  format: 'vhd' | 'vhdx' | 'raw';
  allocation: 'fixed' | 'dynamic' | 'differencing' | 'pass-through';
  /** The file a differencing disk builds on. */
  base?: string;
  /** The physical disk that holds the file. */
  physicalDisk: string;
  controller: 'ide' | 'scsi';
  /** Position on that kind of controller, counted from 0 in the order of the file. */
  slot: number;
}

export interface VirtualNic {
  switch: string;
  kind: 'synthetic' | 'legacy';
  /** Of its untagged frames. */
  vlan: number | null;
  /** It is on a trunk: beside, it takes and sends tagged frames of these VLANs. */
  trunk?: VlanRange[];
  /** Of what it sends. Absent where nothing bounds or guarantees it. */
  bandwidth?: Bandwidth;
  /** It asks for a virtual function of the physical NIC behind its switch. */
  sriov?: true;
}

/** VLANs from one to another, both included. */
export interface VlanRange {
  first: number;
  last: number;
}

/** Bandwidth management of a virtual adapter (Windows Server 2012 on): a maximum, and a minimum of one kind. */
export interface Bandwidth {
  limitBitsPerSecond?: number;
  reserveBitsPerSecond?: number;
  /** Of the minimum, 1 to 100, relative to other adapters on the switch. */
  weight?: number;
}

// --- work ----------------------------------------------------------------------------------------------------

/** How a quantity that is drawn anew for each request varies around its mean. */
export type Distribution = 'constant' | 'exponential';

/** One request: compute for `cpuNs`, read, write, send. Zero means the request does not do that. */
export interface Workload {
  name: string;
  documentation?: string;
  arrival:
    | { kind: 'open'; requestsPerSecond: number }
    /** `clients` users who think for `thinkNs` between a reply and the next request: always, or on average. */
    | { kind: 'closed'; clients: number; thinkNs: number; thinkDistribution?: Distribution };
  /** The mean of `cpuDistribution`. */
  cpuNs: number;
  cpuDistribution: Distribution;
  readBytes: number;
  writeBytes: number;
  sendBytes: number;
  /** Of each request itself, as it comes in over the network; where this is absent it comes out of nothing. */
  receiveBytes?: number;
  /** It reads and writes its disk from one end to the other; anywhere, where this is absent. */
  sequential?: true;
  /** Absent where the file does not say it. */
  memory?: WorkloadMemory;
  /** What a request writes of its guest's memory; absent where the file does not say it. */
  dirties?: { perRequestBytes: number; hotSetBytes?: number };
}

/** What a guest with this work needs of memory, its operating system included. */
export interface WorkloadMemory {
  workingSetBytes: number;
  /** On top, for each request that is not answered yet. */
  perRequestBytes: number;
}

export interface Benchmark {
  name: string;
  documentation?: string;
  compare: Hypervisor[];
  measure: ('throughput' | 'latency' | 'host cpu' | 'memory')[];
}
