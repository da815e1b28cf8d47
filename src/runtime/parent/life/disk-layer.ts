/** Blocks are what a differencing disk allocates; sectors are how finely it knows what was written. */
export const BLOCK_BYTES = 2 * 1024 ** 2;
export const SECTOR_BYTES = 4096;
const SECTORS = BLOCK_BYTES / SECTOR_BYTES;

interface Block {
  /** Where it lies on the physical disk. */
  position: number;
  /** One bit for each sector that was written. */
  written: Uint32Array;
  sectors: number;
}

/** One file of a chain: the disk as the definition has it, or a differencing disk with what was written since. */
export class DiskLayer {
  private readonly blocks = new Map<number, Block>();

  constructor(
    /** What this one builds on; null for the first, which has every sector. */
    public parent: DiskLayer | null,
    /** Where the first block of the first layer lies. */
    private readonly basePosition: number,
  ) {}

  /** Bytes that were written into it. */
  get writtenBytes(): number {
    let sectors = 0;
    for (const block of this.blocks.values()) sectors += block.sectors;
    return sectors * SECTOR_BYTES;
  }

  /** Does it hold this byte, or does a read fall through to its parent? */
  holds(offset: number): boolean {
    if (this.parent === null) return true;
    const block = this.blocks.get(Math.floor(offset / BLOCK_BYTES));
    if (!block) return false;
    const sector = sectorOf(offset);
    return (block.written[sector >> 5]! & (1 << (sector & 31))) !== 0;
  }

  /** Where a byte lies on the physical disk; its block must be there. */
  position(offset: number): number {
    if (this.parent === null) return this.basePosition + offset;
    const block = this.blocks.get(Math.floor(offset / BLOCK_BYTES))!;
    return block.position + (offset % BLOCK_BYTES);
  }

  /** Makes sure that the block of a byte is there; true when it was not. */
  allocate(offset: number, place: () => number): boolean {
    const index = Math.floor(offset / BLOCK_BYTES);
    if (this.parent === null || this.blocks.has(index)) return false;
    this.blocks.set(index, { position: place(), written: new Uint32Array(SECTORS / 32), sectors: 0 });
    return true;
  }

  /** Bytes of one block were written; the block must be there. */
  mark(offset: number, bytes: number): void {
    if (this.parent === null) return;
    const block = this.blocks.get(Math.floor(offset / BLOCK_BYTES))!;
    const last = sectorOf(offset + bytes - 1);
    for (let sector = sectorOf(offset); sector <= last; sector++) {
      const bit = 1 << (sector & 31);
      if ((block.written[sector >> 5]! & bit) !== 0) continue;
      block.written[sector >> 5] = block.written[sector >> 5]! | bit;
      block.sectors++;
    }
  }

  /** Its blocks: where each begins in the disk, and how much of it was written. */
  allocated(): { offset: number; bytes: number }[] {
    return [...this.blocks].map(([index, { sectors }]) => ({
      offset: index * BLOCK_BYTES,
      bytes: sectors * SECTOR_BYTES,
    }));
  }

  /** Takes over what another layer holds, whose blocks have been copied here. */
  takeOver(other: DiskLayer, place: () => number): void {
    for (const [index, { written }] of other.blocks) {
      const offset = index * BLOCK_BYTES;
      this.allocate(offset, place);
      for (let sector = 0; sector < SECTORS; sector++) {
        if ((written[sector >> 5]! & (1 << (sector & 31))) !== 0)
          this.mark(offset + sector * SECTOR_BYTES, SECTOR_BYTES);
      }
    }
  }
}

function sectorOf(offset: number): number {
  return Math.floor((offset % BLOCK_BYTES) / SECTOR_BYTES);
}
