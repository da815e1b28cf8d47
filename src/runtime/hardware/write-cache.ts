import { IntQueue } from '../int-queue.js';

/** Writes that are answered before they are on the medium, by unit, oldest first. */
export class WriteCache {
  /** What it holds. */
  bytes = 0;
  private readonly sizes: IntQueue[];
  private readonly answers: IntQueue[];
  private readonly positions: Float64Array;

  constructor(
    units: number,
    private readonly limits: { bytes: number; coalescing: number },
  ) {
    this.sizes = Array.from({ length: units }, () => new IntQueue());
    this.answers = Array.from({ length: units }, () => new IntQueue());
    this.positions = new Float64Array(units);
  }

  hasRoom(bytes: number): boolean {
    return this.bytes + bytes <= this.limits.bytes;
  }

  /** Takes a write that is answered at `answerNs`. */
  add(unit: number, position: number, bytes: number, answerNs: number): void {
    this.bytes += bytes;
    this.sizes[unit]!.push(bytes);
    this.answers[unit]!.push(answerNs);
    this.positions[unit] = position;
  }

  /** Writes that wait for their unit. */
  dirty(unit: number): number {
    return this.sizes[unit]!.length;
  }

  position(unit: number): number {
    return this.positions[unit]!;
  }

  /** The unit has written what it can with one positioning. */
  destaged(unit: number): void {
    for (let n = Math.min(this.dirty(unit), this.limits.coalescing); n > 0; n--) {
      this.bytes -= this.sizes[unit]!.shift();
      this.answers[unit]!.shift();
    }
  }

  /** Forgets everything; the writes among it that had been answered by now. */
  lose(nowNs: number): { writes: number; bytes: number } {
    const lost = { writes: 0, bytes: 0 };
    for (const [unit, sizes] of this.sizes.entries()) {
      const answers = this.answers[unit]!;
      for (let bytes = sizes.shift(); bytes >= 0; bytes = sizes.shift()) {
        if (answers.shift() > nowNs) continue;
        lost.writes++;
        lost.bytes += bytes;
      }
    }
    this.bytes = 0;
    return lost;
  }
}
