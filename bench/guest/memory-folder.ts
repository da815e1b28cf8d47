import { existsSync } from 'node:fs';

/** A file system in memory, on Linux. */
export const MEMORY_FOLDER = '/dev/shm';

export function whyNoMemoryFolder(): string | null {
  return existsSync(MEMORY_FOLDER) ? null : `there is no ${MEMORY_FOLDER}`;
}
