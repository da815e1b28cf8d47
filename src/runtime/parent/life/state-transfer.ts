import type { DiskClient } from '../../hardware/disk.js';
import type { HostParts } from '../../host-parts.js';
import { ParentCopy } from '../parent-copy.js';
import { Pieces } from '../pieces.js';
import type { DiskFile } from '../storage-provider.js';

/**
 * Bytes on their way between the memory of a guest and a file: the worker process copies them on a VP of the parent, the
 * disk reads or writes them, several transfers at once.
 */
export class StateTransfer implements DiskClient {
  private readonly chunkBytes: number;
  private readonly chunks: Pieces;
  private readonly copy: ParentCopy;
  private stopped = false;

  constructor(
    title: string,
    parts: HostParts,
    /** The file lies where this one does. */
    private readonly file: DiskFile,
    private readonly direction: 'write' | 'read',
    bytes: number,
    done: () => void,
    /** The disk failed: the file is worth nothing. */
    private readonly failed: () => void,
  ) {
    const { costs } = parts;
    this.chunkBytes = Math.max(4096, costs.get('state-transfer').amount);
    const count = Math.max(1, Math.ceil(bytes / this.chunkBytes));
    const atOnce = Math.max(1, costs.get('state-depth').amount);
    const copyCost = costs.get('state-copy');
    const writes = direction === 'write';
    const next = (chunk: number) => (writes ? this.copy.post(chunk) : this.submit(chunk));
    const copied = (chunk: number) => (writes ? this.submit(chunk) : this.chunks.end());
    this.chunks = new Pieces(count, atOnce, next, done);
    this.copy = new ParentCopy(title, parts, copyCost, () => 1, copied);
  }

  start(): void {
    this.chunks.start();
  }

  /** The machine is taken down: what is under way has no effect any more. */
  stop(): void {
    this.stopped = true;
    this.copy.stop();
  }

  diskDone(chunk: number): void {
    if (this.stopped) return;
    if (this.direction === 'read') this.copy.post(chunk);
    else this.chunks.end();
  }

  diskFailed(): void {
    if (this.stopped) return;
    this.stop();
    this.failed();
  }

  private submit(chunk: number): void {
    const { disk, position, bytes } = this.file;
    const offset = (chunk * this.chunkBytes) % Math.max(this.chunkBytes, bytes - this.chunkBytes);
    disk.submit(position + offset, this.chunkBytes, this.direction === 'write', this, chunk);
  }
}
