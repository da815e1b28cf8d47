import type { SchedulerKind } from '../host-model.js';
import type { Source } from './source.js';

/** What a Hyper-V release supports. `null` means that it does not have the thing or publishes no limit. */
export interface Release {
  /** As `hypervisor hyper-v …` writes it. */
  id: string;
  title: string;
  host: HostLimits;
  machine: MachineLimits;
  /** Highest VMBus version it offers, "major.minor". */
  vmbusVersion: string;
  defaultScheduler: SchedulerKind;
  schedulers: OfferedSchedulers;
  /** `late`: the running Windows launches the hypervisor; `early`: the boot loader does, before the root operating system. */
  launch: 'late' | 'early';
  slatRequired: boolean;
  dynamicMemory: boolean;
  /** Dynamic memory may shrink below the startup memory (Windows Server 2012 on). */
  minimumBelowStartup: boolean;
  /** CPU groups (Windows Server 2016 on). */
  cpuGroups: boolean;
  /** Minimum and maximum bandwidth of virtual adapters (Windows Server 2012 on). */
  bandwidthManagement: boolean;
  /** Virtual functions of network adapters (Windows Server 2012 on). */
  sriov: boolean;
}

/** Schedulers that `bcdedit /set hypervisorschedulertype` takes and that are supported. */
export interface OfferedSchedulers {
  kinds: readonly SchedulerKind[];
  source: Source;
}

export interface HostLimits {
  logicalProcessors: Limit;
  memoryBytes: Limit;
  runningMachines: Limit;
  virtualProcessors: Limit;
  /** Virtual processors of the children for each logical processor. */
  vpsPerLp: Limit | null;
  /** Virtual processors the root partition may have. */
  rootVirtualProcessors: Limit;
}

export interface MachineLimits {
  virtualProcessorsGen1: Limit;
  virtualProcessorsGen2: Limit | null;
  memoryBytesGen1: Limit;
  memoryBytesGen2: Limit | null;
  vhdBytes: Limit;
  vhdxBytes: Limit | null;
  ideDevices: Limit;
  scsiDevices: Limit;
  syntheticNicsGen1: Limit;
  syntheticNicsGen2: Limit | null;
  legacyNics: Limit;
}

export interface Limit {
  value: number;
  source: Source;
}
