/** When Hyper-V holds room on the disk for the memory of a machine that runs. */
import type { Child, Hypervisor } from '../host-model.js';
import { isSince } from './checkpoints.js';
import type { Source } from './source.js';

/** From this release on only where the machine is saved when the host stops; before, for every machine. */
const HELD_ON_DEMAND = {
  since: '2012',
  source: {
    standing: 'secondary',
    text: 'thefullcircle.com, Hyper-V BIN file removal, 2019; techthoughts.info, Hyper-V VM BIN file and AutomaticStopAction: a file as large as the memory of the machine',
  } satisfies Source,
};

/** Is a file as large as its memory there as long as the child is on, so that it can be saved whatever happens? */
export function holdsRoomForState({ architecture, release }: Hypervisor, { kind, stop }: Child): boolean {
  if (architecture !== 'hyper-v' || kind === 'machine') return false;
  return stop === 'save' || !isSince(release, HELD_ON_DEMAND.since);
}
