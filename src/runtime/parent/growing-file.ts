import type { GrowingFormat } from '../../model/catalog/disk-formats.js';
import type { RandomStream } from '../random.js';

/** A dynamic file in the course of a run. A block that nobody has touched yet is there already with some likelihood. */
export class GrowingFile {
  private readonly touched = new Set<number>();

  constructor(
    readonly format: GrowingFormat,
    /** Likelihood, 0 to 1, that a block was allocated before the run. */
    private readonly filled: number,
    private readonly random: RandomStream,
  ) {}

  /** A guest reads what it wrote before: these blocks are there. */
  read(offset: number, bytes: number): void {
    for (const block of this.blocksOf(offset, bytes)) this.touched.add(block);
  }

  /** How many blocks must be allocated before these bytes can be written; from now on they are there. */
  write(offset: number, bytes: number): number {
    let missing = 0;
    for (const block of this.blocksOf(offset, bytes)) {
      if (this.touched.has(block)) continue;
      this.touched.add(block);
      if (this.random.uniform() >= this.filled) missing++;
    }
    return missing;
  }

  private *blocksOf(offset: number, bytes: number): Iterable<number> {
    const { blockBytes } = this.format;
    const last = Math.floor((offset + bytes - 1) / blockBytes);
    for (let block = Math.floor(offset / blockBytes); block <= last; block++) yield block;
  }
}
