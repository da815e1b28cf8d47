import { DALL } from '../../src/model/catalog/cost-row.js';
import type { Architecture, HostModel } from '../../src/model/host-model.js';
import type { RunResult } from '../../src/protocol/run-result.js';
import { child, disk, host, INSTANT, partitionOf, run, withCosts, workload } from '../runtime/hosts.js';
import type { PublishedFigure } from './figure.js';

/** Cycles that each charge of these cost rows took on a processor of 1 GHz while a guest read from its disk. */
function cyclesOfReading(architecture: Architecture, ...rows: string[]): number {
  const work = workload({ arrival: { kind: 'closed', clients: 1, thinkNs: 10e6 }, readBytes: 4096 });
  const { result } = reading(architecture, [child('a', { disks: [disk()], workload: work })]);
  return rows.reduce((sum, id) => sum + eachNs(result, id), 0);
}

/** A register that a process emulates, as a multiple of one that the kernel answers. */
function userModeOverKernel(): number {
  const work = workload({ arrival: { kind: 'closed', clients: 1, thinkNs: 10e6 }, readBytes: 4096 });
  const { result } = reading('kvm', [child('a', { kind: 'legacy', disks: [disk('ide')], workload: work })]);
  return (eachNs(result, 'user-access') + eachNs(result, 'vm-exit')) / eachNs(result, 'vm-exit');
}

/** Percent of one disk's requests that the busiest of four equally greedy children gets. */
function greediestOfFour(): number {
  const work = workload({ arrival: { kind: 'closed', clients: 8, thinkNs: 0 }, cpuNs: 10_000, readBytes: 4096 });
  const children = ['a', 'b', 'c', 'd'].map((name) => child(name, { disks: [disk()], workload: work }));
  const { result } = reading('hyper-v', children);
  const done = children.map(({ name }) => partitionOf(result, name).work!.completed);
  return (100 * Math.max(...done)) / done.reduce((a, b) => a + b);
}

function reading(architecture: Architecture, children: HostModel['children']): { result: RunResult } {
  const model = withCosts(host({ children }), INSTANT);
  const hypervisor = { ...model.hypervisor, architecture, release: architecture === 'hyper-v' ? '2008R2' : null };
  return run({ ...model, hypervisor }, { horizonNs: 10e9 });
}

function eachNs(result: RunResult, id: string): number {
  const cost = result.costs.find((row) => row.id === id);
  if (!cost) throw new Error(`nothing was charged to ${id}`);
  return cost.totalNs / cost.count;
}

const dall = { unit: 'cycles', source: DALL, standing: 'recalled' } as const;

export const DEVICE_FIGURES: PublishedFigure[] = [
  {
    ...dall,
    title: 'Xen: hypercall',
    lowest: 1228,
    highest: 1228,
    role: 'calibrated',
    measure: () => cyclesOfReading('xen', 'xen-hypercall'),
  },
  {
    ...dall,
    title: 'Xen: switch of the processor to another VP',
    lowest: 10_534,
    highest: 10_534,
    role: 'calibrated',
    measure: () => cyclesOfReading('xen', 'xen-switch'),
  },
  {
    ...dall,
    title: 'Xen: from the guest to the driver in dom0 (I/O latency out)',
    lowest: 11_262,
    highest: 11_262,
    role: 'predicted',
    measure: () => cyclesOfReading('xen', 'xen-hypercall', 'xen-switch'),
    remark: 'Ours is the sum of a hypercall and a switch, both calibrated on the same paper.',
  },
  {
    ...dall,
    title: 'Xen: from the driver in dom0 to the guest (I/O latency in)',
    lowest: 10_050,
    highest: 10_050,
    role: 'predicted',
    measure: () => cyclesOfReading('xen', 'xen-hypercall', 'xen-switch', 'xen-interrupt'),
    remark: 'Ours is the sum of a hypercall, a switch and an interrupt with its end.',
  },
  {
    ...dall,
    title: 'KVM: hypercall',
    lowest: 1300,
    highest: 1300,
    role: 'calibrated',
    measure: () => cyclesOfReading('kvm', 'virtio-kick'),
  },
  {
    ...dall,
    title: 'KVM: from the guest to the thread of the host (I/O latency out)',
    lowest: 560,
    highest: 560,
    role: 'predicted',
    measure: () => cyclesOfReading('kvm', 'virtio-kick'),
    remark: 'Ours pays the whole exit before the thread hears of it.',
  },
  {
    title: 'KVM: register emulated in user mode, of one answered by the kernel',
    unit: 'x',
    lowest: 3.3,
    highest: 3.3,
    source:
      'Bonzini, "VMX optimizations", kvm-unit-tests vmexit.flat: in from a device in QEMU over one in the kernel, 44,826 / 13,518 cycles',
    standing: 'documented',
    role: 'calibrated',
    measure: userModeOverKernel,
  },
  {
    title: 'Share of one disk that the greediest of four equal guests gets',
    unit: '%',
    lowest: 0,
    highest: 25,
    source: 'Microsoft, Hyper-V configuration: performance tuning',
    standing: 'documented',
    role: 'predicted',
    measure: greediestOfFour,
    remark:
      "Each stays on its NUMA node, and who shares it with less of the parent's work gets a little more. Without nodes it was 25.05 %.",
  },
];
