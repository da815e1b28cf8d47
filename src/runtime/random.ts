/**
 * Random numbers that are the same on every platform: integer arithmetic for the generator (SFC32) and plain
 * additions and multiplications for the logarithm, whose library version may differ between browsers.
 * Every purpose has its own stream, so that adding a disk does not change another child's arrivals.
 */
export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number, purpose: string) {
    let hash = 0x811c9dc5 ^ (seed | 0) ^ ((seed / 4294967296) | 0);
    for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 16777619);
    this.a = hash | 0;
    this.b = seed | 0;
    this.c = Math.imul(hash, 0x9e3779b1);
    for (let i = 0; i < 15; i++) this.next32();
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return (this.next32() >>> 0) / 4294967296;
  }

  /** Uniform in 0 … bound-1, for bounds up to 2^53. */
  below(bound: number): number {
    const high = (this.next32() >>> 0) & 0x1fffff;
    const low = this.next32() >>> 0;
    return Math.floor(((high * 4294967296 + low) / 9007199254740992) * bound);
  }

  /** Exponential with this mean. */
  exponential(mean: number): number {
    return -naturalLogarithm(1 - this.uniform()) * mean;
  }

  private next32(): number {
    const t = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t;
  }
}

/** ln x for 0 < x <= 1, to about 1e-15: halvings, then the series of artanh. */
export function naturalLogarithm(x: number): number {
  let mantissa = x;
  let halvings = 0;
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    halvings++;
  }
  const y = (mantissa - 1) / (mantissa + 1);
  const y2 = y * y;
  let series = 0;
  for (let k = 21; k >= 1; k -= 2) series = series * y2 + 1 / k;
  return 2 * y * series - halvings * Math.LN2;
}
