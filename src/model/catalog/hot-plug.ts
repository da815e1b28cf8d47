/** When a network adapter or a disk of a child can be taken out and put in while its guest runs. */
import type { Architecture } from '../host-model.js';
import { isSince } from './checkpoints.js';
import type { Source } from './source.js';

const ADAPTERS = {
  since: '2016',
  generation: 2,
  source: {
    standing: 'documented',
    text: "Microsoft Learn, What's new in Hyper-V on Windows Server: hot add and remove for network adapters, generation 2",
  } satisfies Source,
};

const DISKS = {
  since: '2008R2',
  source: {
    standing: 'recalled',
    text: 'Hyper-V of Windows Server 2008 R2: disks of a SCSI controller come and go while the machine runs; that IDE has no hot plug is documented (Best Practices Analyzer: a machine without a SCSI controller)',
  } satisfies Source,
};

export interface PluggedAdapter {
  architecture: Architecture;
  /** null: the newest. */
  release: string | null;
  generation: 1 | 2;
  /** It is emulated. */
  legacy: boolean;
}

/** Why that adapter stays where it is as long as the guest runs; null: it can go. */
export function adapterHotPlugObstacle({ architecture, release, generation, legacy }: PluggedAdapter): string | null {
  if (legacy) return 'a legacy network adapter is on the board';
  if (architecture !== 'hyper-v') return null;
  if (!isSince(release, ADAPTERS.since)) return 'it takes Windows Server 2016 or newer';
  return generation < ADAPTERS.generation ? 'it takes a machine of generation 2' : null;
}

/** Why that disk stays where it is as long as the guest runs; null: it can go. `release` null: the newest. */
export function diskHotPlugObstacle(disk: {
  architecture: Architecture;
  release: string | null;
  ide: boolean;
}): string | null {
  if (disk.ide) return 'a disk on an IDE controller is there as long as the machine is on';
  if (disk.architecture !== 'hyper-v' || isSince(disk.release, DISKS.since)) return null;
  return 'it takes Windows Server 2008 R2 or newer';
}
