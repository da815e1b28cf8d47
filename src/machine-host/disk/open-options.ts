import { DiskError } from './disk-error.js';
import type { DiskImage, ParentLink } from './disk-image.js';

export interface OpenOptions {
  /** The disk that a differencing one builds on; it is closed with it. */
  parent: DiskImage | null;
  readOnly: boolean;
}

/** 2 TB in blocks of 1 MB, 64 TB in blocks of 32 MB; the table of all blocks is held in memory. */
const MOST_BLOCKS = 1 << 21;

/** Throws DiskError where the parent is missing or is not the disk, as it then was, that the child was built on. */
export function checkParent(link: ParentLink | null, parent: DiskImage | null, sectorBytes: number): void {
  if (link === null) {
    if (parent !== null) throw new DiskError('the disk has no parent');
    return;
  }
  if (parent === null) throw new DiskError('the disk is a differencing one, and its parent is missing');
  if (parent.info().id !== link.id) {
    throw new DiskError('the parent is not the disk this one was made from, or it was written to since');
  }
  if (parent.sectorBytes !== sectorBytes) throw new DiskError('the parent has sectors of another size');
}

export function checkTableSize(blocks: number): void {
  if (blocks <= MOST_BLOCKS) return;
  throw new DiskError(`the disk has ${blocks} blocks, and hvhost opens disks of up to ${MOST_BLOCKS}`);
}
