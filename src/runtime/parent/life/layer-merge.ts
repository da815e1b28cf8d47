import type { DifferencingChain } from './differencing-chain.js';
import type { DiskLayer } from './disk-layer.js';

/** Copies what one file of a chain holds into the one it builds on, block by block, while the chain is worked on. */
export class LayerMerge {
  private readonly blocks: { offset: number; bytes: number }[];
  private next = 0;
  private stopped = false;

  constructor(
    private readonly chain: DifferencingChain,
    private readonly from: DiskLayer,
    private readonly into: DiskLayer,
    private readonly done: () => void,
    /** The disk failed: both files stay as they are. */
    private readonly failed: () => void,
  ) {
    this.blocks = from.allocated().filter(({ bytes }) => bytes > 0);
  }

  start(): void {
    const block = this.blocks[this.next++];
    if (!block) {
      this.into.takeOver(this.from, () => this.chain.placeBlock());
      this.done();
      return;
    }
    const { offset, bytes } = block;
    const { disk } = this.chain.base;
    const diskFailed = () => this.giveUp();
    const written = { diskDone: () => this.goOn(), diskFailed };
    const read = {
      diskFailed,
      diskDone: () => {
        if (this.stopped) return;
        this.into.allocate(offset, () => this.chain.placeBlock());
        disk.submit(this.into.position(offset), bytes, true, written, 0);
      },
    };
    disk.submit(this.from.position(offset), bytes, false, read, 0);
  }

  /** What is copied by now does no harm, and what is not stays where it is. */
  stop(): void {
    this.stopped = true;
  }

  private giveUp(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.failed();
  }

  private goOn(): void {
    if (!this.stopped) this.start();
  }
}
