/**
 * FNV-1a over everything that happened, in two independent lanes of 32 bits: a fingerprint for comparing runs,
 * not a cryptographic hash. Only integer arithmetic, so it is the same on every platform.
 */
export class TraceHash {
  private a = 0x811c9dc5;
  private b = 0x050c5d1f;

  add(timeNs: number, what: number): void {
    const low = timeNs | 0;
    const high = (timeNs / 4294967296) | 0;
    this.a = Math.imul(Math.imul(Math.imul(this.a ^ low, 16777619) ^ high, 16777619) ^ what, 16777619);
    this.b = Math.imul(Math.imul(this.b ^ (low + Math.imul(high, 31)), 709607) ^ (what + (this.a >>> 15)), 16777619);
  }

  toString(): string {
    return hex(this.a) + hex(this.b);
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
