import type { MetadataPages } from './metadata-pages.js';

/** Bits in a file that say which sectors of a disk are in it. `at` is where the bitmap begins, on a page. */
export class SectorBitmap {
  /** VHD counts the bits of a byte from the most significant one on, VHDX from the least. */
  constructor(
    private readonly pages: MetadataPages,
    private readonly order: 'most significant first' | 'least significant first',
  ) {}

  /** The bit, and how many from it on are equal to it; at most `count`. */
  async run(at: number, bit: number, count: number): Promise<{ present: boolean; count: number }> {
    let page = await this.pages.at(this.pageOf(at, bit));
    const present = this.isSet(page, bit);
    let run = 1;
    for (; run < count; run++) {
      if (this.isFirstOfPage(bit + run)) page = await this.pages.at(this.pageOf(at, bit + run));
      if (this.isSet(page, bit + run) !== present) break;
    }
    return { present, count: run };
  }

  /** Sets bits, or clears them; pages that are so already stay unchanged. */
  async set(at: number, bit: number, count: number, present: boolean): Promise<void> {
    for (let done = 0; done < count; ) {
      const run = await this.run(at, bit + done, count - done);
      if (run.present !== present) await this.flip(at, bit + done, run.count);
      done += run.count;
    }
  }

  private async flip(at: number, bit: number, count: number): Promise<void> {
    let page = await this.pages.change(this.pageOf(at, bit));
    for (let index = bit; index < bit + count; index++) {
      if (index > bit && this.isFirstOfPage(index)) page = await this.pages.change(this.pageOf(at, index));
      page[(index >>> 3) % this.pages.pageBytes]! ^= this.maskOf(index);
    }
  }

  private isSet(page: Uint8Array, bit: number): boolean {
    return (page[(bit >>> 3) % this.pages.pageBytes]! & this.maskOf(bit)) !== 0;
  }

  private maskOf(bit: number): number {
    return this.order === 'most significant first' ? 0x80 >>> (bit & 7) : 1 << (bit & 7);
  }

  private isFirstOfPage(bit: number): boolean {
    return bit % (this.pages.pageBytes * 8) === 0;
  }

  private pageOf(at: number, bit: number): number {
    return at + Math.floor(bit / (this.pages.pageBytes * 8)) * this.pages.pageBytes;
  }
}
