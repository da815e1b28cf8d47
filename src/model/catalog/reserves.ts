/** What the parent and every machine take beside the memory of the machines themselves. */
import type { Source } from './source.js';

const MB = 1024 ** 2;
const GB = 1024 ** 3;

export const PARENT_RESERVE = {
  /** A policy of operators, not a property of the hypervisor, which starts the root without a reserve. */
  default: {
    cpuPercent: 20,
    memoryBytes: 2 * GB,
    source: {
      standing: 'secondary',
      text: 'the article "Layer 1 or Layer 2 Hypervisor?" (2011); the hypervisor itself reserves nothing for the root (TLFS 2.0a, 22.3)',
    } satisfies Source,
  },
  automatic: {
    baseBytes: 384 * MB,
    /** For each GB of physical memory. */
    bytesPerGb: 30 * MB,
    source: {
      standing: 'documented',
      text: 'Microsoft, Virtualization-Documentation, root memory reserve: 384 MB + 30 MB per GB of physical memory',
    } satisfies Source,
  },
};

export const MACHINE_OVERHEAD = {
  firstGbBytes: 32 * MB,
  furtherGbBytes: 8 * MB,
  source: {
    standing: 'recalled',
    text: 'Hyper-V sizing guidance: 32 MB for the first GB of a machine and 8 MB for each further one',
  } satisfies Source,
};
