import type { Cpu, HostClock } from '../../../src/runtime/child/cpu-port.js';
import { LinearMemory } from '../../../src/runtime/child/linear-memory.js';

const GUARD = 4096;
const CANARY = 0xa5;

/** A CPU that executes nothing: the test plays the guest. Memory lies between two guards that nobody may touch. */
export class FakeCpu implements Cpu {
  readonly memory: LinearMemory;
  readonly hypercallCode = Uint8Array.of(0x0f, 0x01, 0xc1, 0xc3);
  readonly vectors: number[] = [];
  halted = false;
  timeStampCounter = 0n;
  wakes = 0;
  private readonly everything: Uint8Array<ArrayBuffer>;

  constructor(bytes = 1 << 20) {
    this.everything = new Uint8Array(bytes + 2 * GUARD);
    this.everything.fill(CANARY, 0, GUARD).fill(CANARY, GUARD + bytes);
    this.memory = new LinearMemory(bytes, () => this.everything.buffer, GUARD);
  }

  async run(): Promise<void> {}

  async stop(): Promise<void> {}

  injectVector(vector: number): void {
    this.vectors.push(vector);
  }

  wake(): void {
    this.wakes++;
  }

  /** Nothing was written outside of guest memory. */
  guardsIntact(): boolean {
    const guards = [this.everything.subarray(0, GUARD), this.everything.subarray(-GUARD)];
    return guards.every((guard) => guard.every((byte) => byte === CANARY));
  }
}

export class FakeClock implements HostClock {
  timeNs = 0;
  wallMs = Date.UTC(2031, 0, 2, 3, 4, 5);

  nowNs(): number {
    return this.timeNs;
  }

  wallTimeMs(): number {
    return this.wallMs;
  }
}
