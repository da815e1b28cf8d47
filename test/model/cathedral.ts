/** The host of the article as a model, written by hand: what tests below the language start from. */
import type { Child, HostModel } from '../../src/model/host-model.js';

const MB = 1024 ** 2;
const GB = 1024 ** 3;

/** A fresh copy each time, so that a test may change it. */
export function cathedral(): HostModel {
  return {
    version: 1,
    name: 'Cathedral',
    hardware: {
      name: 'DL585',
      title: 'HP ProLiant DL585 G2',
      processor: {
        title: 'Dual-Core AMD Opteron 8220 SE',
        sockets: 2,
        coresPerSocket: 2,
        threadsPerCore: 1,
        frequencyHz: 2.8e9,
        virtualization: true,
        dep: true,
        slat: false,
      },
      memory: { bytes: 16 * GB, ecc: true, numaNodes: 2 },
      disks: [{ name: 'raid0', title: 'HP LOGICAL VOLUME', bytes: 1200 * GB, medium: 'rotational' }],
      nics: [
        { name: 'lan1', title: 'HP NC371i Multifunction Gigabit Server Adapter', bitsPerSecond: 1e9 },
        { name: 'lan2', title: 'HP NC371i Multifunction Gigabit Server Adapter #2', bitsPerSecond: 1e9 },
      ],
      displays: [{ title: 'ATI ES1000' }],
      management: [{ title: 'iLO Management Controller' }],
    },
    hypervisor: { architecture: 'hyper-v', release: '2008R2SP1', scheduler: null, costsNs: {} },
    cpuGroups: [],
    switches: [{ name: 'Mall', kind: 'external', nic: 'lan1' }],
    parent: {
      operatingSystem: 'Windows Server 2008 R2',
      flavour: 'core',
      virtualProcessors: null,
      reserve: { policy: 'manual', cpuPercent: 20, memoryBytes: 2 * GB },
    },
    children: [
      child('web', 'enlightened', { count: 2, reservePercent: 10, limitPercent: 75, weight: 200 }, 2 * GB),
      child('payroll', 'legacy', { count: 1, reservePercent: 0, limitPercent: 100, weight: 100 }, 256 * MB),
      child('mail', 'xen', { count: 1, reservePercent: 0, limitPercent: 100, weight: 100 }, 1 * GB),
    ],
    scenarios: [],
    benchmarks: [],
  };
}

function child(name: string, kind: Child['kind'], processors: Child['processors'], startupBytes: number): Child {
  return {
    name,
    operatingSystem: 'any',
    kind,
    generation: 1,
    processors,
    memory: { kind: 'static', startupBytes },
    disks: [
      {
        file: `${name}.vhd`,
        bytes: 40 * GB,
        format: 'vhd',
        allocation: 'fixed',
        physicalDisk: 'raid0',
        controller: 'ide',
        slot: 0,
      },
    ],
    nics: [{ switch: 'Mall', kind: kind === 'legacy' ? 'legacy' : 'synthetic', vlan: null }],
    integrationServicesOff: [],
    start: { action: 'always', delayNs: 0 },
    stop: 'shut-down',
  };
}
