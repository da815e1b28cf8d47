/** What Hyper-V's checkpoints can do. */
import type { Hypervisor } from '../host-model.js';
import type { CheckpointType } from '../scenario.js';
import { findRelease, RELEASES } from './releases.js';
import type { Source } from './source.js';

export const CHECKPOINTS_OF_A_MACHINE = {
  value: 50,
  source: {
    standing: 'recalled',
    text: 'Microsoft Learn, Plan for Hyper-V scalability: at most 50 checkpoints of one virtual machine',
  } satisfies Source,
};

/** From this release on a checkpoint is a production checkpoint unless somebody says otherwise. */
const PRODUCTION_CHECKPOINTS = {
  since: '2016',
  source: {
    standing: 'documented',
    text: 'Microsoft Learn, Set-VM: CheckpointType; production checkpoints came with Windows Server 2016 and are its default',
  } satisfies Source,
};

/** From this release on a deleted checkpoint is merged while its machine runs; before, when the machine is off. */
export const LIVE_MERGE = {
  since: '2012',
  source: {
    standing: 'documented',
    text: 'Microsoft Learn, Hyper-V Virtual Machine Live Merge (new in Windows Server 2012)',
  } satisfies Source,
};

/** What a checkpoint is when nobody says; production checkpoints are Hyper-V's. */
export function defaultCheckpointType({ architecture, release }: Hypervisor): CheckpointType {
  return architecture === 'hyper-v' && isSince(release, PRODUCTION_CHECKPOINTS.since) ? 'production' : 'standard';
}

/** Is the release this one, or a newer one? Without a release: yes, as of the newest. */
export function isSince(release: string | null, since: string): boolean {
  if (release === null) return true;
  const place = (id: string) => RELEASES.indexOf(findRelease(id)!);
  return findRelease(release) === undefined || place(release) >= place(since);
}
