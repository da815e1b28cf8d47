import { IntQueue } from '../int-queue.js';

/** A solid-state drive without power-loss protection: what it has answered reaches the flash a while later. */
export class DriveBuffer {
  private readonly sizes = new IntQueue();
  private readonly programmedNs = new IntQueue();

  constructor(private readonly programNs: number) {}

  /** A write is answered now. */
  add(bytes: number, nowNs: number): void {
    this.forget(nowNs);
    this.sizes.push(bytes);
    this.programmedNs.push(nowNs + this.programNs);
  }

  /** Forgets everything; the writes among it that had not reached the flash. */
  lose(nowNs: number): { writes: number; bytes: number } {
    this.forget(nowNs);
    this.programmedNs.clear();
    const lost = this.sizes.takeAll();
    return { writes: lost.length, bytes: lost.reduce((sum, bytes) => sum + bytes, 0) };
  }

  private forget(nowNs: number): void {
    while (this.sizes.length > 0 && this.programmedNs.peek() <= nowNs) {
      this.sizes.shift();
      this.programmedNs.shift();
    }
  }
}
