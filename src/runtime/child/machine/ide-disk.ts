import type { BlockStore } from '../../parent/vsp/storage/block-store.js';
import type { V86Disk } from './v86-platform.js';

const SECTOR_BYTES = 512;

/**
 * A disk of the parent behind v86's own IDE controller, which knows no failure and tells nobody of a flush: what is
 * written is on disk for good before the guest hears that it is written, and one request comes after the other.
 */
export class IdeDisk implements V86Disk {
  readonly byteLength: number;
  onload: (loaded: object) => void = () => {};
  private first = new Uint8Array(SECTOR_BYTES);
  private turn: Promise<void> = Promise.resolve();

  /** `failed` hears what the guest does not: it waits until it gives up. */
  constructor(
    private readonly store: BlockStore,
    private readonly failed: (error: unknown) => void,
  ) {
    this.byteLength = store.bytes;
  }

  load(): void {
    this.onload({});
  }

  get(start: number, length: number, done: (data: Uint8Array) => void): void {
    this.inTurn(async () => {
      const inside = Math.max(0, Math.min(length, this.byteLength - start));
      const data = new Uint8Array(length); // zeros behind the end
      if (inside > 0) data.set(await this.store.read(start, inside));
      done(data);
    });
  }

  /** v86 looks at the first sector for a partition table, before the guest runs. */
  get_and_cache(start: number, length: number, done: (data: Uint8Array) => void): void {
    this.get(start, length, (data) => {
      this.first = data.slice(0, SECTOR_BYTES);
      done(data);
    });
  }

  get_from_cache(start: number, length: number): Uint8Array {
    return this.first.subarray(start, start + length);
  }

  set(start: number, data: Uint8Array, done: () => void): void {
    const written = data.slice(); // the guest goes on changing its memory
    this.inTurn(async () => {
      if (start + written.length > this.byteLength) throw new RangeError('the guest wrote behind the end of its disk');
      await this.store.write(start, written);
      await this.store.flush();
      done();
    });
  }

  /** Resolves when nothing is in work. */
  drain(): Promise<void> {
    return this.turn;
  }

  private inTurn(work: () => Promise<void>): void {
    this.turn = this.turn.then(work).catch(this.failed);
  }
}
