import { PAGE_BYTES } from '../hardware/system-memory.js';
import type { HostParts } from '../host-parts.js';
import type { BackEndWork } from '../parent/back-end.js';
import type { Cost } from '../trace/cost-ledger.js';
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
  private readonly transfers: number;
  private readonly chunkBytes: number;
  private readonly depth: number;
  private readonly sending: PagesAt;
  private readonly receiving: PagesAt;
  private begun = 0;
  private ended = 0;
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
    this.depth = Math.max(1, costs.get('migration-depth').amount);
    this.transfers = Math.max(1, Math.ceil(bytes / this.chunkBytes));
    const pages = (transfer: number) => Math.ceil(this.bytesOf(transfer) / PAGE_BYTES);
    this.sending = new PagesAt(title, from, costs.get('migration-send'), pages, (transfer) => this.send(transfer));
    this.receiving = new PagesAt(title, to, to.costs.get('migration-receive'), pages, (transfer) =>
      this.finish(transfer),
    );
  }

  start(): void {
    while (this.begun < this.transfers && this.begun - this.ended < this.depth) this.sending.post(this.begun++);
  }

  /** The migration is over: what is under way has no effect any more. */
  stop(): void {
    this.stopped = true;
    this.sending.stopped = true;
    this.receiving.stopped = true;
  }

  arrived(transfer: number): void {
    if (!this.stopped) this.receiving.post(transfer);
  }

  notCarried(): void {
    if (this.stopped) return;
    this.stop();
    this.listener.failed();
  }

  private send(transfer: number): void {
    this.link.carry(this.bytesOf(transfer), this, transfer);
  }

  private bytesOf(transfer: number): number {
    return Math.max(1, Math.min(this.chunkBytes, this.bytes - transfer * this.chunkBytes));
  }

  private finish(transfer: number): void {
    this.ended++;
    this.listener.carried(this.bytesOf(transfer));
    if (this.ended === this.transfers) this.listener.done();
    else if (this.begun < this.transfers) this.sending.post(this.begun++);
  }
}

/** The work of one parent with the pages of a transfer. Where there is no parent, it takes no CPU. */
class PagesAt implements BackEndWork {
  stopped = false;
  private readonly vp: number;

  constructor(
    readonly title: string,
    private readonly parts: HostParts,
    private readonly page: Cost,
    private readonly pages: (transfer: number) => number,
    private readonly then: (transfer: number) => void,
  ) {
    this.vp = parts.root.vpCount > 0 ? parts.root.assignVp() : NOBODY;
  }

  post(transfer: number): void {
    if (this.vp === NOBODY) this.then(transfer);
    else this.parts.root.post(this.vp, this, transfer);
  }

  begin(transfer: number): number {
    return this.stopped ? 0 : this.page.charge(this.pages(transfer));
  }

  end(transfer: number): void {
    if (!this.stopped) this.then(transfer);
  }
}

const NOBODY = -1;
