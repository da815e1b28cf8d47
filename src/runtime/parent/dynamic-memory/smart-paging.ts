import type { DiskClient } from '../../hardware/disk.js';
import { PAGE_BYTES } from '../../hardware/system-memory.js';
import type { Cost } from '../../trace/cost-ledger.js';
import type { BackEnd, BackEndWork } from '../back-end.js';
import type { DiskFile } from '../storage-provider.js';

/**
 * Startup memory that a file of the parent lends to a child that boots: what the guest touches there must be read back
 * first, by the parent, while the guest waits. Every lent page is touched once in the course of the boot.
 */
export class SmartPaging implements BackEndWork, DiskClient {
  readonly title: string;
  private readonly vp: number;
  private carry = 0;
  private left = 0;
  private after: () => void = () => {};
  private stopped = false;

  constructor(
    childName: string,
    private readonly backEnd: BackEnd,
    /** The file lies where the child's first disk does. */
    private readonly file: DiskFile,
    private readonly fault: Cost,
    private readonly clusterBytes: number,
    private readonly lentPages: () => number,
    /** What the guest needs cannot be read back. */
    private readonly failed: () => void,
  ) {
    this.title = `smart paging for ${childName}`;
    this.vp = backEnd.assignVp();
  }

  /** Reads back what one of `parts` equal parts of the boot touches, then goes on. */
  pageIn(parts: number, then: () => void): void {
    this.carry += (this.lentPages() * PAGE_BYTES) / this.clusterBytes / parts;
    this.left = Math.floor(this.carry);
    this.carry -= this.left;
    this.after = then;
    this.next();
  }

  begin(): number {
    return this.stopped ? 0 : this.fault.charge();
  }

  end(): void {
    if (!this.stopped) this.file.disk.submit(this.file.position, this.clusterBytes, false, this, 0);
  }

  diskDone(): void {
    if (!this.stopped) this.next();
  }

  diskFailed(): void {
    if (!this.stopped) this.failed();
  }

  stop(): void {
    this.stopped = true;
  }

  private next(): void {
    if (this.left === 0) {
      this.after();
      return;
    }
    this.left--;
    this.backEnd.post(this.vp, this, 0);
  }
}
