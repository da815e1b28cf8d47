import type { DiskMedium, VirtualDisk, Workload } from '../../src/model/host-model.js';
import { child, disk, host, INSTANT, partitionOf, run, withCosts, workload } from '../runtime/hosts.js';
import type { PublishedFigure } from './figure.js';

const MB = 1024 ** 2;
const LITTON = 'Litton (Microsoft), Windows Server Performance Team Blog, 2008-09-19';
const QLOGIC = "Microsoft's measurement on Windows Server 2012, quoted by a QLogic owner's manual, page 9";

/** Requests per second of machines that never pause, each with a disk of this kind. */
function throughput(
  kind: Partial<VirtualDisk>,
  work: Partial<Workload>,
  medium: DiskMedium = 'ssd',
  machines = 1,
  costs = {},
): number {
  const children = Array.from({ length: machines }, (_, i) =>
    child(`vm${i}`, {
      disks: [{ ...disk(), bytes: 60e9, ...kind }],
      workload: workload({ arrival: { kind: 'closed', clients: 1, thinkNs: 0 }, cpuNs: 1e4, ...work }),
    }),
  );
  const base = host({ children });
  const disks = base.hardware.disks.map((raid) => ({ ...raid, medium }));
  const model = { ...base, hardware: { ...base.hardware, disks } };
  const { result } = run(withCosts(model, INSTANT, costs), { horizonNs: 20e9 });
  return children.reduce((sum, { name }) => sum + partitionOf(result, name).work!.throughputPerSecond, 0);
}

/** Throughput of VHDX over that of VHD, for 1 MB writes one after the other into a new file. */
function vhdxOverVhd(allocation: 'dynamic' | 'differencing'): number {
  const work = { writeBytes: MB, sequential: true as const };
  const into = (format: 'vhd' | 'vhdx') => throughput({ format, allocation }, work, 'ssd', 1, { 'dynamic-filled': 0 });
  return into('vhdx') / into('vhd');
}

/** Percent that fixed VHDs do more than dynamic ones, in a mix of patterns. */
function fixedOverDynamic(machines: number, work: Partial<Workload>): number {
  const fixed = throughput({ allocation: 'fixed' }, work, 'rotational', machines);
  return 100 * (fixed / throughput({ allocation: 'dynamic' }, work, 'rotational', machines) - 1);
}

export const DISK_FIGURES: PublishedFigure[] = [
  {
    title: 'Dynamic VHDX over dynamic VHD, 1 MB sequential writes',
    unit: 'x',
    lowest: 1.25,
    highest: 1.25,
    source: QLOGIC,
    standing: 'secondary',
    role: 'calibrated',
    measure: () => vhdxOverVhd('dynamic'),
    remark: 'Into a new file on one SSD; what was measured on is not known.',
  },
  {
    title: 'Differencing VHDX over differencing VHD, 1 MB sequential writes',
    unit: 'x',
    lowest: 1.25,
    highest: 1.25,
    source: QLOGIC,
    standing: 'secondary',
    role: 'predicted',
    measure: () => vhdxOverVhd('differencing'),
  },
  {
    title: 'Fixed VHD over dynamic VHD, 16 machines that read and write 64 KB',
    unit: '%',
    lowest: 10,
    highest: 15,
    source: LITTON,
    standing: 'documented',
    role: 'predicted',
    measure: () => fixedOverDynamic(16, { readBytes: 65_536, writeBytes: 65_536 }),
    remark:
      'Ours lie anywhere on the disk with either, the write cache of the array takes what a new block needs, and few blocks are new; how full and how fragmented the measured files were is not known.',
  },
  {
    title: 'Fixed VHD over dynamic VHD, one machine that reads and writes 64 KB',
    unit: '%',
    lowest: 10,
    highest: 10,
    source: 'concurrency.com on Hyper-V 2008 R2',
    standing: 'secondary',
    role: 'predicted',
    measure: () => fixedOverDynamic(1, { readBytes: 65_536, writeBytes: 65_536 }),
    remark: 'As above. Where blocks are new, as in the rows before, a dynamic VHD loses much more.',
  },
];
