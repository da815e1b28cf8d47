import type { HostClock } from '../runtime/child/cpu-port.js';

/** The clock of the thread that runs the machine. */
export const wallClock: HostClock = {
  nowNs: () => performance.now() * 1e6,
  wallTimeMs: () => Date.now(),
};
