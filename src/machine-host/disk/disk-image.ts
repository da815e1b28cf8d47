import type { BlockStore } from '../../runtime/parent/vsp/storage/block-store.js';

export type DiskFormat = 'raw' | 'vhd' | 'vhdx';
export type DiskAllocation = 'fixed' | 'dynamic' | 'differencing';

/** What an image says of itself. */
export interface DiskInfo {
  format: DiskFormat;
  allocation: DiskAllocation;
  /** What the guest sees. */
  bytes: number;
  sectorBytes: 512 | 4096;
  fileBytes: number;
  /** The unit in which the file grows; null where it does not. */
  blockBytes: number | null;
  /** How many blocks there are, and how many have room in the file. */
  blocks: { all: number; inFile: number } | null;
  /** Changes with the content (VHDX) or never (VHD); a differencing disk remembers it of its parent. */
  id: string | null;
  parent: ParentLink | null;
  /** What the last user of the file left undone, in sentences; whoever writes to the disk next mends it first. */
  unfinished: string[];
}

/** What others need to know to build on a disk. */
export type DiskIdentity = Pick<DiskInfo, 'bytes' | 'sectorBytes' | 'parent'> & { id: string };

/** How a differencing disk names its parent. */
export interface ParentLink {
  id: string;
  /** With slashes, the most useful first; relative ones start at the folder of the differencing disk. */
  paths: string[];
}

/** A disk in an image file. */
export interface DiskImage extends BlockStore {
  info(): DiskInfo;
  /** Keeps what was written and leaves the file, until the next write, as `close` does. */
  settle(): Promise<void>;
  /** Keeps what was written and leaves the file as its format wants it; its parents are closed too. */
  close(): Promise<void>;
}
