import type { GuestMemory } from '../../child/cpu-port.js';
import { hex, type PlainState, type StateReader } from '../../child/snapshot/plain-state.js';

const PAGE = 4096;

/**
 * A page of the hypervisor that covers one of the guest's (TLFS 6.0b, "GPA Overlay Pages"): what lies there comes back when
 * the overlay goes elsewhere or away, and the overlay keeps its content meanwhile.
 */
export class OverlayPage {
  private at: number | null = null;
  private covered = new Uint8Array(PAGE);
  private content = new Uint8Array(PAGE);

  constructor(private readonly memory: GuestMemory) {}

  /** Where it lies; null: nowhere. */
  get address(): number | null {
    return this.at;
  }

  /** Covers the page at this address, null: none. false: it is not in memory, and nothing has changed. */
  place(gpa: number | null): boolean {
    if (gpa === this.at) return true;
    if (gpa !== null && gpa + PAGE > this.memory.bytes) return false;
    if (this.at !== null) {
      this.content = Uint8Array.from(this.memory.read(this.at, PAGE));
      this.memory.write(this.at, this.covered);
    }
    this.at = gpa;
    if (gpa === null) return true;
    this.covered = Uint8Array.from(this.memory.read(gpa, PAGE));
    this.memory.write(gpa, this.content);
    return true;
  }

  /** What the guest sees where the overlay lies now or next. */
  fill(content: Uint8Array): void {
    this.content = new Uint8Array(PAGE);
    this.content.set(content);
    if (this.at !== null) this.memory.write(this.at, this.content);
  }

  /** The overlay itself is in guest memory while it lies there. */
  save(): PlainState {
    return { at: this.at, covered: hex(this.covered), content: hex(this.content) };
  }

  /** Throws SnapshotError. */
  restore(state: StateReader): void {
    this.at = state.at('at').orNull((at) => at.integer(0, this.memory.bytes - PAGE));
    this.covered = page(state.at('covered'));
    this.content = page(state.at('content'));
  }
}

function page(state: StateReader): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(state.bytes(PAGE));
  if (bytes.length !== PAGE) throw state.wrong('is no page');
  return bytes;
}
