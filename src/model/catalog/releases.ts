/** What each Hyper-V release supports. */
import type { HostLimits, Limit, MachineLimits, OfferedSchedulers, Release } from './release.js';
import type { Source } from './source.js';

const GB = 1024 ** 3;
const TB = 1024 ** 4;

const TECHNET_R2: Source = {
  standing: 'documented',
  text: 'TechNet ee405267, Requirements and Limits for Virtual Machines and Hyper-V in Windows Server 2008 R2',
};
const TECHNET_2012: Source = {
  standing: 'documented',
  text: 'Microsoft Docs jj680093, Hyper-V scalability in Windows Server 2012 and 2012 R2',
};
const SCALE_LIMITS: Source = {
  standing: 'documented',
  text: 'Microsoft Learn, Hyper-V maximum scale limits in Windows Server',
};
const COMPARISON: Source = { standing: 'secondary', text: 'published comparison tables of Hyper-V releases' };
const R2_SP1_RATIO: Source = {
  standing: 'documented',
  text: 'TechNet blog puneetvig, 21 May 2011, on virtual to logical processor ratios',
};
const MINROOT: Source = {
  standing: 'documented',
  text: 'Microsoft Learn, Hyper-V host CPU resource management ("minroot")',
};
const TLFS_2: Source = {
  standing: 'documented',
  text: 'Hypervisor Top Level Functional Specification 2.0a, section 22.3',
};
const RECALLED: Source = { standing: 'recalled', text: 'Windows Server 2008 limits, text of the table not found' };

const of =
  (source: Source) =>
  (value: number): Limit => ({ value, source });

const r2 = of(TECHNET_R2);
const w12 = of(TECHNET_2012);
const scale = of(SCALE_LIMITS);
const compared = of(COMPARISON);
const recalled = of(RECALLED);

const SCHEDULER_TYPES: Source = {
  standing: 'documented',
  text: 'Microsoft Learn, Managing Hyper-V hypervisor scheduler types',
};
/** The only one before Windows Server 2016. */
const CLASSIC_ONLY: OfferedSchedulers = { kinds: ['classic'], source: SCHEDULER_TYPES };
/** The root scheduler is that of Windows clients; it is not supported on a server. */
const CLASSIC_AND_CORE: OfferedSchedulers = { kinds: ['classic', 'core'], source: SCHEDULER_TYPES };

const MACHINE_2008R2: MachineLimits = {
  virtualProcessorsGen1: r2(4),
  virtualProcessorsGen2: null,
  memoryBytesGen1: r2(64 * GB),
  memoryBytesGen2: null,
  vhdBytes: r2(2040 * GB),
  vhdxBytes: null,
  ideDevices: r2(4),
  scsiDevices: r2(256),
  syntheticNicsGen1: r2(8),
  syntheticNicsGen2: null,
  legacyNics: r2(4),
};

const MACHINE_2012: MachineLimits = {
  virtualProcessorsGen1: w12(64),
  virtualProcessorsGen2: null,
  memoryBytesGen1: w12(1 * TB),
  memoryBytesGen2: null,
  vhdBytes: w12(2040 * GB),
  vhdxBytes: w12(64 * TB),
  ideDevices: w12(4),
  scsiDevices: w12(256),
  syntheticNicsGen1: scale(8),
  syntheticNicsGen2: null,
  legacyNics: scale(4),
};

const MACHINE_2016: MachineLimits = {
  virtualProcessorsGen1: scale(64),
  virtualProcessorsGen2: scale(240),
  memoryBytesGen1: scale(1 * TB),
  memoryBytesGen2: scale(12 * TB),
  vhdBytes: scale(2040 * GB),
  vhdxBytes: scale(64 * TB),
  ideDevices: scale(4),
  scsiDevices: scale(256),
  syntheticNicsGen1: scale(8),
  syntheticNicsGen2: scale(8),
  legacyNics: scale(4),
};

const HOST_2012: HostLimits = {
  logicalProcessors: compared(320),
  memoryBytes: compared(4 * TB),
  runningMachines: compared(1024),
  virtualProcessors: compared(2048),
  vpsPerLp: null,
  rootVirtualProcessors: { value: 64, source: MINROOT },
};

const HOST_2016: HostLimits = {
  logicalProcessors: scale(512),
  memoryBytes: scale(24 * TB),
  runningMachines: scale(1024),
  virtualProcessors: scale(2048),
  vpsPerLp: null,
  rootVirtualProcessors: { value: 320, source: MINROOT },
};

const HOST_2022: HostLimits = {
  ...HOST_2016,
  logicalProcessors: scale(1024),
  memoryBytes: scale(4096 * TB),
  rootVirtualProcessors: scale(1024),
};

const HOST_2008R2: HostLimits = {
  logicalProcessors: compared(64),
  memoryBytes: compared(1 * TB),
  runningMachines: compared(384),
  virtualProcessors: compared(512),
  vpsPerLp: { value: 8, source: R2_SP1_RATIO },
  rootVirtualProcessors: { value: 64, source: TLFS_2 },
};

/** Oldest first. */
export const RELEASES: readonly Release[] = [
  {
    id: '2008',
    title: 'Windows Server 2008',
    host: {
      logicalProcessors: recalled(16),
      memoryBytes: recalled(1 * TB),
      runningMachines: recalled(128),
      virtualProcessors: recalled(128),
      vpsPerLp: recalled(8),
      rootVirtualProcessors: { value: 16, source: TLFS_2 },
    },
    machine: {
      ...MACHINE_2008R2,
      virtualProcessorsGen1: compared(4),
      memoryBytesGen1: recalled(64 * GB),
      ideDevices: recalled(4),
      scsiDevices: recalled(256),
      syntheticNicsGen1: recalled(8),
      legacyNics: recalled(4),
    },
    vmbusVersion: '0.13',
    defaultScheduler: 'classic',
    schedulers: CLASSIC_ONLY,
    launch: 'late',
    slatRequired: false,
    dynamicMemory: false,
    minimumBelowStartup: false,
    cpuGroups: false,
    bandwidthManagement: false,
    sriov: false,
  },
  {
    id: '2008R2',
    title: 'Windows Server 2008 R2',
    host: HOST_2008R2,
    machine: MACHINE_2008R2,
    vmbusVersion: '1.1',
    defaultScheduler: 'classic',
    schedulers: CLASSIC_ONLY,
    launch: 'late',
    slatRequired: false,
    dynamicMemory: false,
    minimumBelowStartup: false,
    cpuGroups: false,
    bandwidthManagement: false,
    sriov: false,
  },
  {
    id: '2008R2SP1',
    title: 'Windows Server 2008 R2 SP1',
    host: HOST_2008R2,
    machine: MACHINE_2008R2,
    vmbusVersion: '1.1',
    defaultScheduler: 'classic',
    schedulers: CLASSIC_ONLY,
    launch: 'late',
    slatRequired: false,
    dynamicMemory: true,
    minimumBelowStartup: false,
    cpuGroups: false,
    bandwidthManagement: false,
    sriov: false,
  },
  {
    id: '2012',
    title: 'Windows Server 2012',
    host: HOST_2012,
    machine: MACHINE_2012,
    vmbusVersion: '2.4',
    defaultScheduler: 'classic',
    schedulers: CLASSIC_ONLY,
    launch: 'early',
    slatRequired: false,
    dynamicMemory: true,
    minimumBelowStartup: true,
    cpuGroups: false,
    bandwidthManagement: true,
    sriov: true,
  },
  {
    id: '2012R2',
    title: 'Windows Server 2012 R2',
    host: HOST_2012,
    machine: {
      ...MACHINE_2012,
      virtualProcessorsGen2: w12(64),
      memoryBytesGen2: w12(1 * TB),
      syntheticNicsGen2: scale(8),
    },
    vmbusVersion: '3.0',
    defaultScheduler: 'classic',
    schedulers: CLASSIC_ONLY,
    launch: 'early',
    slatRequired: false,
    dynamicMemory: true,
    minimumBelowStartup: true,
    cpuGroups: false,
    bandwidthManagement: true,
    sriov: true,
  },
  {
    id: '2016',
    title: 'Windows Server 2016',
    host: HOST_2016,
    machine: MACHINE_2016,
    vmbusVersion: '4.0',
    defaultScheduler: 'classic',
    schedulers: CLASSIC_AND_CORE,
    launch: 'early',
    slatRequired: true,
    dynamicMemory: true,
    minimumBelowStartup: true,
    cpuGroups: true,
    bandwidthManagement: true,
    sriov: true,
  },
  {
    id: '2019',
    title: 'Windows Server 2019',
    host: HOST_2016,
    machine: { ...MACHINE_2016, syntheticNicsGen2: scale(64) },
    vmbusVersion: '5.2',
    defaultScheduler: 'core',
    schedulers: CLASSIC_AND_CORE,
    launch: 'early',
    slatRequired: true,
    dynamicMemory: true,
    minimumBelowStartup: true,
    cpuGroups: true,
    bandwidthManagement: true,
    sriov: true,
  },
  {
    id: '2022',
    title: 'Windows Server 2022',
    host: HOST_2022,
    machine: {
      ...MACHINE_2016,
      virtualProcessorsGen2: scale(1024),
      memoryBytesGen2: scale(240 * TB),
      syntheticNicsGen2: scale(64),
    },
    vmbusVersion: '5.3',
    defaultScheduler: 'core',
    schedulers: CLASSIC_AND_CORE,
    launch: 'early',
    slatRequired: true,
    dynamicMemory: true,
    minimumBelowStartup: true,
    cpuGroups: true,
    bandwidthManagement: true,
    sriov: true,
  },
  {
    id: '2025',
    title: 'Windows Server 2025',
    host: { ...HOST_2022, logicalProcessors: scale(2048), rootVirtualProcessors: scale(2048) },
    machine: {
      ...MACHINE_2016,
      virtualProcessorsGen2: scale(2048),
      memoryBytesGen2: scale(240 * TB),
      syntheticNicsGen2: scale(64),
    },
    vmbusVersion: '6.0',
    defaultScheduler: 'core',
    schedulers: CLASSIC_AND_CORE,
    launch: 'early',
    slatRequired: true,
    dynamicMemory: true,
    minimumBelowStartup: true,
    cpuGroups: true,
    bandwidthManagement: true,
    sriov: true,
  },
];

const BY_ID = new Map(RELEASES.map((release) => [release.id.toLowerCase(), release]));

/** The release of `hypervisor hyper-v ID`; undefined when there is no such release. */
export function findRelease(id: string): Release | undefined {
  return BY_ID.get(id.toLowerCase());
}
