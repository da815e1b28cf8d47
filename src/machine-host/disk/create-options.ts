import type { DiskAllocation } from './disk-image.js';

export interface CreateOptions {
  allocation: DiskAllocation;
  /** What the guest sees: a multiple of the sector. */
  bytes: number;
  /** The unit in which the file grows: a power of two; the format's default where not given. */
  blockBytes?: number;
  sectorBytes?: 512 | 4096;
  /** What a differencing disk builds on, null for others: its identity now, and its path from the new disk's folder on. */
  parent: { id: string; path: string } | null;
}
