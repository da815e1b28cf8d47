import { GpaOutOfRange, type GuestMemory } from './cpu-port.js';

/** Guest memory as one stretch of an ArrayBuffer, which may be replaced while the guest runs (wasm memory grows). */
export class LinearMemory implements GuestMemory {
  private cached: ArrayBuffer | null = null;
  private bytesView = new Uint8Array(0);
  private dataView = new DataView(new ArrayBuffer(0));

  /** `written` is told of every range that changed behind the CPU's back, so that it can drop translated code. */
  constructor(
    readonly bytes: number,
    private readonly buffer: () => ArrayBuffer,
    private readonly base: number,
    private readonly written: (gpa: number, length: number) => void = () => {},
  ) {}

  read(gpa: number, length: number): Uint8Array {
    this.check(gpa, length);
    return this.bytesView.slice(gpa, gpa + length);
  }

  readInto(gpa: number, into: Uint8Array): void {
    this.check(gpa, into.length);
    into.set(this.bytesView.subarray(gpa, gpa + into.length));
  }

  write(gpa: number, data: Uint8Array): void {
    this.check(gpa, data.length);
    if (data.length === 0) return;
    this.bytesView.set(data, gpa);
    this.written(gpa, data.length);
  }

  borrow(gpa: number, length: number, use: 'read' | 'write'): Uint8Array {
    this.check(gpa, length);
    if (use === 'write') this.written(gpa, length);
    return this.bytesView.subarray(gpa, gpa + length);
  }

  readU32(gpa: number): number {
    this.check(gpa, 4);
    return this.dataView.getUint32(gpa, true);
  }

  writeU32(gpa: number, value: number): void {
    this.check(gpa, 4);
    this.dataView.setUint32(gpa, value, true);
    this.written(gpa, 4);
  }

  private check(gpa: number, length: number): void {
    if (!Number.isSafeInteger(gpa) || gpa < 0 || length < 0 || gpa + length > this.bytes) {
      throw new GpaOutOfRange(gpa, length);
    }
    const buffer = this.buffer();
    if (buffer === this.cached) return;
    this.cached = buffer;
    this.bytesView = new Uint8Array(buffer, this.base, this.bytes);
    this.dataView = new DataView(buffer, this.base, this.bytes);
  }
}
