/** What Hyper-V's releases know of moving a running child to another host. */
import { isSince } from './checkpoints.js';
import type { Source } from './source.js';

/** Before, a child is saved on one host and restored on the other. */
export const LIVE_MIGRATION = {
  since: '2008R2',
  source: {
    standing: 'documented',
    text: 'Microsoft Learn, What is new in Hyper-V for Windows Server 2008 R2: live migration; before, quick migration',
  } satisfies Source,
};

/** Passes over memory while the guest runs, at most. */
export interface Passes {
  value: number;
  source: Source;
}

const PASSES: Passes = {
  value: 10,
  source: {
    standing: 'secondary',
    text: 'Directions on Microsoft, "Live Migration Switch Over", 15 June 2009: ten passes, then the machine is suspended',
  },
};

const PASSES_SINCE_2012_R2: Passes = {
  value: 5,
  source: {
    standing: 'secondary',
    text: 'Savill, "Mastering Windows Server 2016 Hyper-V", 2016, chapter 7: five passes with Windows Server 2012 R2 and above',
  },
};

export function livePasses(release: string | null): Passes {
  return isSince(release, '2012R2') ? PASSES_SINCE_2012_R2 : PASSES;
}

/** Migration networks slower than this are advised against. */
export const MIGRATION_NETWORK = {
  bitsPerSecond: 1e9,
  source: {
    standing: 'documented',
    text: 'Microsoft Learn, Best Practices Analyzer for Hyper-V: live migration networks should have a link speed of at least 1 Gbps',
  } satisfies Source,
};
