import type { VirtualDisk } from '../host-model.js';

/** How a virtual disk file grows. */
export interface GrowingFormat {
  /** What is allocated at once. */
  blockBytes: number;
  /** Small writes that come before the data of a new block: tables, bitmaps, log. */
  metadataWrites: number;
  /** Data lies on whole 4 KB sectors of the physical disk. */
  aligned: boolean;
  source: string;
}

const MB = 1024 ** 2;

/** Blocks hold a bitmap of 512 bytes before their data, so that the data is on no whole sector. */
const VHD: GrowingFormat = {
  blockBytes: 2 * MB,
  metadataWrites: 3,
  aligned: false,
  source:
    'Microsoft, Virtual Hard Disk Image Format Specification 1.0: block size, bitmap of each block, table, footer',
};

const VHDX: GrowingFormat = {
  blockBytes: 32 * MB,
  metadataWrites: 2,
  aligned: true,
  source: 'MS-VHDX: the log, then the table; blocks on multiples of 1 MB. Block size: Microsoft Learn, New-VHD',
};

/** How the file of a disk grows; null where all of it is there from the beginning. */
export function growingFormat({ format, allocation }: VirtualDisk): GrowingFormat | null {
  if (allocation === 'fixed' || allocation === 'pass-through' || format === 'raw') return null;
  return allocation === 'differencing' ? differencingFormat(format) : format === 'vhd' ? VHD : VHDX;
}

/** How a file grows that builds on another of this format. */
export function differencingFormat(format: VirtualDisk['format']): GrowingFormat {
  return format === 'vhd' ? VHD : { ...VHDX, blockBytes: 2 * MB };
}
