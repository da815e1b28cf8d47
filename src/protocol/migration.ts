import type { MigrationRecord } from './protocol.js';

/** A page is 4 KB. */
const PAGE_BYTES = 4096;

/** What a migration has carried from one host to the other, in its passes and while the guest stood still. */
export function sentBytes({ rounds, blackoutBytes }: MigrationRecord): number {
  return rounds.reduce((sum, { pages }) => sum + pages * PAGE_BYTES, blackoutBytes);
}
