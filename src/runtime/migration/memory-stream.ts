import { PAGE_BYTES } from '../hardware/system-memory.js';
import type { HostParts } from '../host-parts.js';
import { ParentCopy } from '../parent/parent-copy.js';
import { Pieces } from '../parent/pieces.js';
import type { Carried, MigrationLink } from './migration-link.js';

/** Hears how a stream fares. */
export interface StreamListener {
  /** So many bytes have been written at the destination. */
  carried(bytes: number): void;
  done(): void;
  /** The network has lost it. */
  failed(): void;
}

/**
 * Bytes on their way from the memory of a guest to another host: the sending parent reads them on one of its VPs, the
 * migration network carries them, the receiving parent writes them; several transfers are under way at once.
 */
export class MemoryStream implements Carried {
  private readonly chunkBytes: number;
  private readonly chunks: Pieces;
  private readonly sending: ParentCopy;
  private readonly receiving: ParentCopy;
  private stopped = false;

  constructor(
    title: string,
    from: HostParts,
    to: HostParts,
    private readonly link: MigrationLink,
    private readonly bytes: number,
    private readonly listener: StreamListener,
  ) {
    const { costs } = from;
    this.chunkBytes = Math.max(PAGE_BYTES, costs.get('migration-transfer').amount);
    const atOnce = Math.max(1, costs.get('migration-depth').amount);
    const count = Math.max(1, Math.ceil(bytes / this.chunkBytes));
    const pages = (chunk: number) => Math.ceil(this.bytesOf(chunk) / PAGE_BYTES);
    this.chunks = new Pieces(
      count,
      atOnce,
      (chunk) => this.sending.post(chunk),
      () => listener.done(),
    );
    this.sending = new ParentCopy(title, from, costs.get('migration-send'), pages, (chunk) => this.send(chunk));
    this.receiving = new ParentCopy(title, to, to.costs.get('migration-receive'), pages, (chunk) => this.finish(chunk));
  }

  start(): void {
    this.chunks.start();
  }

  /** The migration is over: what is under way has no effect any more. */
  stop(): void {
    this.stopped = true;
    this.sending.stop();
    this.receiving.stop();
  }

  arrived(chunk: number): void {
    if (!this.stopped) this.receiving.post(chunk);
  }

  notCarried(): void {
    if (this.stopped) return;
    this.stop();
    this.listener.failed();
  }

  private send(chunk: number): void {
    this.link.carry(this.bytesOf(chunk), this, chunk);
  }

  private bytesOf(chunk: number): number {
    return Math.max(1, Math.min(this.chunkBytes, this.bytes - chunk * this.chunkBytes));
  }

  private finish(chunk: number): void {
    this.listener.carried(this.bytesOf(chunk));
    this.chunks.end();
  }
}
