/** When a network adapter of a child can be taken out and put in while its guest runs. */
import type { Architecture } from '../host-model.js';
import { isSince } from './checkpoints.js';
import type { Source } from './source.js';

const HOT_PLUG = {
  since: '2016',
  generation: 2,
  source: {
    standing: 'documented',
    text: "Microsoft Learn, What's new in Hyper-V on Windows Server: hot add and remove for network adapters, generation 2",
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
export function hotPlugObstacle({ architecture, release, generation, legacy }: PluggedAdapter): string | null {
  if (legacy) return 'a legacy network adapter is on the board';
  if (architecture !== 'hyper-v') return null;
  if (!isSince(release, HOT_PLUG.since)) return 'it takes Windows Server 2016 or newer';
  return generation < HOT_PLUG.generation ? 'it takes a machine of generation 2' : null;
}
