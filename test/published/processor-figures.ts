import type { HostModel } from '../../src/model/host-model.js';
import {
  child,
  endless,
  host,
  IDEAL,
  INSTANT,
  partitionOf,
  run,
  withCosts,
  withLps,
  workload,
} from '../runtime/hosts.js';
import type { PublishedFigure } from './figure.js';

const TLFS = 'Hypervisor Top Level Functional Specification 2.0a, chapter 18';
const SCHEDULERS = 'Microsoft, Managing Hyper-V hypervisor scheduler types';

/** Percent of one processor that the child with weight 700 gets beside two with 100 and 200. */
function shareByWeight(): number {
  const children = [100, 200, 700].map((weight) =>
    child(`w${weight}`, { ...oneProcessor(weight), workload: endless() }),
  );
  const { result } = run(ideal(withLps(host({ children }), 1)), { horizonNs: 60e9 });
  return partitionOf(result, 'w700').cpuPercent;
}

/** Percent of 16 processors that eight virtual ones with a limit of 25 % take. */
function limitOfQuarter(): number {
  const busy = child('a', {
    processors: { count: 8, reservePercent: 0, limitPercent: 25, weight: 100 },
    workload: workload({ arrival: { kind: 'closed', clients: 16, thinkNs: 0 }, cpuNs: 3e6 }),
  });
  const { result } = run(ideal(withLps(host({ children: [busy] }), 16)), { horizonNs: 10e9 });
  return partitionOf(result, 'a').cpuPercent;
}

/** Logical processors that a busy group gets with half of four. */
function halfOfFour(): number {
  const busy = child('a', {
    processors: { count: 4, reservePercent: 0, limitPercent: 100, weight: 100, group: 'Half' },
    workload: workload({ arrival: { kind: 'closed', clients: 16, thinkNs: 0 }, cpuNs: 3e6 }),
  });
  const base = withLps(host({ children: [busy], cpuGroups: [{ name: 'Half', limitPercent: 50 }] }), 4);
  const hypervisor = { ...base.hypervisor, release: '2016' };
  const { result } = run(ideal({ ...base, hypervisor }), { horizonNs: 20e9 });
  return (4 * partitionOf(result, 'a').cpuPercent) / 100;
}

/** CPU time of address translation as a percentage of the work. */
function translationPercent(slat: boolean): number {
  const work = workload({ arrival: { kind: 'open', requestsPerSecond: 100 }, cpuNs: 1e6 });
  const model = host({ children: [child('a', { workload: work })] });
  const processor = { ...model.hardware.processor, slat };
  const { result } = run({ ...model, hardware: { ...model.hardware, processor } });
  const totalNs = (id: string) => result.costs.find((cost) => cost.id === id)?.totalNs ?? 0;
  return (100 * totalNs(slat ? 'memory-slat' : 'memory-shadow')) / totalNs('workload');
}

/** Time that a VP of a busy guest runs under the core scheduler, as a multiple of its time under the classic one. */
function coreOverClassic(): number {
  const children = ['a', 'b', 'c', 'd'].map((name) => child(name, { ...oneProcessor(100), workload: endless() }));
  const base = withLps(host({ children }), 2);
  const processor = { ...base.hardware.processor, threadsPerCore: 2 };
  const runs = (scheduler: 'core' | 'classic') => {
    const hypervisor = { ...base.hypervisor, release: '2016', scheduler };
    const { result } = run(ideal({ ...base, hypervisor, hardware: { ...base.hardware, processor } }), {
      horizonNs: 20e9,
    });
    return partitionOf(result, 'a').vpPercent;
  };
  return runs('core') / runs('classic');
}

/** Percent of one processor that a guest without work takes. */
function idleGuest(): number {
  const { result } = run(withCosts(host({ children: [child('a')] }), INSTANT), { horizonNs: 60e9 });
  return partitionOf(result, 'a').vpPercent;
}

function oneProcessor(weight: number) {
  return { processors: { count: 1, reservePercent: 0, limitPercent: 100, weight } };
}

function ideal(model: HostModel): HostModel {
  return withCosts(model, IDEAL, INSTANT);
}

export const PROCESSOR_FIGURES: PublishedFigure[] = [
  {
    title: 'Share of one processor by weight: 700 beside 100 and 200',
    unit: '%',
    lowest: 70,
    highest: 70,
    source: TLFS,
    standing: 'documented',
    role: 'defined',
    measure: shareByWeight,
  },
  {
    title: 'Share of 16 processors that 8 virtual ones with a limit of 25 % take',
    unit: '%',
    lowest: 12.5,
    highest: 12.5,
    source: TLFS,
    standing: 'documented',
    role: 'defined',
    measure: limitOfQuarter,
  },
  {
    title: 'Processors that a CPU group with 50 % of 4 gets',
    unit: 'LP',
    lowest: 2,
    highest: 2,
    source: 'Microsoft, Hyper-V CPU groups',
    standing: 'documented',
    role: 'defined',
    measure: halfOfFour,
  },
  {
    title:
      'Run time of a VP without SMT under the core scheduler, of that under the classic one, twice over-subscribed',
    unit: 'x',
    lowest: 0.5,
    highest: 0.5,
    source: SCHEDULERS,
    standing: 'documented',
    role: 'predicted',
    measure: coreOverClassic,
  },
  {
    title: 'CPU overhead with second-level address translation',
    unit: '%',
    lowest: 2,
    highest: 2,
    source: 'Microsoft on Hyper-V 2008 R2, quoted by techgenix.com',
    standing: 'secondary',
    role: 'calibrated',
    measure: () => translationPercent(true),
  },
  {
    title: 'CPU overhead with shadow page tables',
    unit: '%',
    lowest: 10,
    highest: 10,
    source: 'Microsoft on Hyper-V 2008 R2, quoted by techgenix.com',
    standing: 'secondary',
    role: 'calibrated',
    measure: () => translationPercent(false),
  },
  {
    title: 'Processor time of an idle guest',
    unit: '%',
    lowest: 0,
    highest: 1,
    source: 'Microsoft, Hyper-V processor performance',
    standing: 'documented',
    role: 'predicted',
    measure: idleGuest,
    remark: 'A modelled guest has no timer tick: idle, it takes nothing at all.',
  },
];
