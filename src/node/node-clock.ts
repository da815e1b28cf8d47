import { openSync, readSync } from 'node:fs';
import { wallClock } from '../machine-host/wall-clock.js';
import type { HostClock } from '../runtime/child/cpu-port.js';

/** Linux tells there what its scheduler knows of the thread that opens it (its Documentation/scheduler/sched-stats.rst). */
const STATISTICS = '/proc/thread-self/schedstat';

/** The clock of the thread that calls this, with the processor time of that thread where the system tells it. */
export function nodeClock(): HostClock {
  const file = openStatistics();
  if (file === null) return wallClock;
  const text = Buffer.alloc(64);
  const processorNs = () => {
    // What a thread that runs has spent is counted at the scheduler's ticks, milliseconds apart, or when somebody asks like this.
    process.cpuUsage();
    const length = readSync(file, text, 0, text.length, 0);
    return Number.parseInt(text.toString('latin1', 0, length), 10);
  };
  return { ...wallClock, processorNs };
}

function openStatistics(): number | null {
  try {
    return openSync(STATISTICS, 'r');
  } catch {
    return null;
  }
}
