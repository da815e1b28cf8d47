import type { DiskClient } from '../../hardware/disk.js';
import type { HostParts } from '../../host-parts.js';
import type { Cost } from '../../trace/cost-ledger.js';
import type { BackEndWork } from '../back-end.js';
import type { DiskFile } from '../storage-provider.js';

/**
 * Bytes on their way between the memory of a guest and a file: the worker process copies them on a VP of the parent, the
 * disk reads or writes them, several transfers at once. Where there is no parent, the copying takes no CPU.
 */
export class StateTransfer implements BackEndWork, DiskClient {
  private readonly transfers: number;
  private readonly chunkBytes: number;
  private readonly depth: number;
  private readonly copy: Cost;
  private readonly vp: number;
  private begun = 0;
  private ended = 0;
  private stopped = false;

  constructor(
    readonly title: string,
    private readonly parts: HostParts,
    /** The file lies where this one does. */
    private readonly file: DiskFile,
    private readonly direction: 'write' | 'read',
    bytes: number,
    private readonly done: () => void,
    /** The disk failed: the file is worth nothing. */
    private readonly failed: () => void,
  ) {
    const { costs, root } = parts;
    this.chunkBytes = Math.max(4096, costs.get('state-transfer').amount);
    this.depth = Math.max(1, costs.get('state-depth').amount);
    this.copy = costs.get('state-copy');
    this.transfers = Math.max(1, Math.ceil(bytes / this.chunkBytes));
    this.vp = root.vpCount > 0 ? root.assignVp() : NOBODY;
  }

  start(): void {
    while (this.begun < this.transfers && this.begun - this.ended < this.depth) this.next();
  }

  /** The machine is taken down: what is under way has no effect any more. */
  stop(): void {
    this.stopped = true;
  }

  begin(): number {
    return this.stopped ? 0 : this.copy.charge();
  }

  end(transfer: number): void {
    if (this.stopped) return;
    if (this.direction === 'write') this.submit(transfer);
    else this.finish();
  }

  diskDone(transfer: number): void {
    if (this.stopped) return;
    if (this.direction === 'read') this.copyThen(transfer);
    else this.finish();
  }

  diskFailed(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.failed();
  }

  private next(): void {
    const transfer = this.begun++;
    if (this.direction === 'write') this.copyThen(transfer);
    else this.submit(transfer);
  }

  private copyThen(transfer: number): void {
    if (this.vp === NOBODY) this.end(transfer);
    else this.parts.root.post(this.vp, this, transfer);
  }

  private submit(transfer: number): void {
    const { disk, position, bytes } = this.file;
    const offset = (transfer * this.chunkBytes) % Math.max(this.chunkBytes, bytes - this.chunkBytes);
    disk.submit(position + offset, this.chunkBytes, this.direction === 'write', this, transfer);
  }

  private finish(): void {
    this.ended++;
    if (this.ended === this.transfers) this.done();
    else if (this.begun < this.transfers) this.next();
  }
}

const NOBODY = -1;
