import type { Cpu } from '../../child/cpu-port.js';
import { bits, type PlainState, type StateReader } from '../../child/snapshot/plain-state.js';
import { enabledPage } from './msr.js';
import { OverlayPage } from './overlay-page.js';

/** What the guest finds there: sequence, padding, scale, offset (TLFS 6.0b, "Partition Reference TSC Mechanism"). */
const CONTENT_BYTES = 24;
/** A sequence of 0 sends the guest to the reference counter MSR. */
const INVALID = 0;
const UNITS_PER_SECOND = 10_000_000n;

/** The page by which a guest computes reference time out of its time stamp counter, without an intercept. */
export class ReferenceTsc {
  value = 0n;
  private valid = true;
  private readonly page: OverlayPage;

  /** `referenceTime`: in units of 100 ns, of the same clock that the time stamp counter counts. */
  constructor(
    private readonly cpu: Cpu,
    private readonly tscHz: number,
    private readonly referenceTime: () => bigint,
  ) {
    this.page = new OverlayPage(cpu.memory);
  }

  /** false: the page is not in memory. */
  set(value: bigint): boolean {
    if (!this.page.place(enabledPage(value))) return false;
    this.value = value;
    this.page.fill(this.content());
    return true;
  }

  /** The guest sets its counter: it does not count with the reference clock any more. */
  invalidate(): void {
    this.valid = false;
    this.page.fill(this.content());
  }

  save(): PlainState {
    return { value: bits(this.value), valid: this.valid, page: this.page.save() };
  }

  /** Throws SnapshotError. */
  restore(state: StateReader): void {
    this.value = state.at('value').bits();
    this.valid = state.at('valid').flag();
    this.page.restore(state.at('page'));
  }

  /** reference time = (counter * scale >> 64) + offset */
  private content(): Uint8Array {
    const content = new Uint8Array(CONTENT_BYTES);
    const view = new DataView(content.buffer);
    const scale = (UNITS_PER_SECOND << 64n) / BigInt(this.tscHz);
    const counter = this.cpu.timeStampCounter;
    view.setUint32(0, this.valid ? 1 : INVALID, true);
    view.setBigUint64(8, scale, true);
    view.setBigInt64(16, this.referenceTime() - ((counter * scale) >> 64n), true);
    return content;
  }
}
