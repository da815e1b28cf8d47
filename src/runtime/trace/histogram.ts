const SUB_BITS = 6;
const SUB = 1 << SUB_BITS;

/**
 * How often which duration was seen, in buckets that grow with the value: any percentile is right to within 1/64
 * (1.6 %), at a few kilobytes and no allocation, whatever the number of samples. Mean and maximum are exact.
 */
export class Histogram {
  private counts = new Float64Array(0);
  count = 0;
  sum = 0;
  max = 0;

  /** Adds a duration in whole ns, 0 or more. */
  add(ns: number): void {
    const bucket = bucketOf(ns);
    if (bucket >= this.counts.length) this.grow(bucket);
    this.counts[bucket] = this.counts[bucket]! + 1;
    this.count++;
    this.sum += ns;
    if (ns > this.max) this.max = ns;
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }

  /** The duration that `percent` of the samples do not exceed. */
  percentile(percent: number): number {
    const rank = Math.max(1, Math.ceil((percent / 100) * this.count));
    let seen = 0;
    for (let bucket = 0; bucket < this.counts.length; bucket++) {
      seen += this.counts[bucket]!;
      if (seen >= rank) return Math.min(this.max, middleOf(bucket));
    }
    return this.max;
  }

  merge(other: Histogram): void {
    if (other.counts.length > this.counts.length) this.grow(other.counts.length - 1);
    for (let bucket = 0; bucket < other.counts.length; bucket++)
      this.counts[bucket] = this.counts[bucket]! + other.counts[bucket]!;
    this.count += other.count;
    this.sum += other.sum;
    this.max = Math.max(this.max, other.max);
  }

  clear(): void {
    this.counts.fill(0);
    this.count = 0;
    this.sum = 0;
    this.max = 0;
  }

  private grow(bucket: number): void {
    const larger = new Float64Array(Math.max(bucket + 1, this.counts.length * 2));
    larger.set(this.counts);
    this.counts = larger;
  }
}

/** Values below 2·SUB have a bucket each; above, every power of two has SUB buckets. */
function bucketOf(ns: number): number {
  if (ns < 2 * SUB) return ns;
  let value = ns;
  let shift = 0;
  while (value >= 2147483648) {
    value = Math.floor(value / 2);
    shift++;
  }
  const drop = 31 - Math.clz32(value) - SUB_BITS;
  return (shift + drop) * SUB + (value >>> drop);
}

function middleOf(bucket: number): number {
  if (bucket < 2 * SUB) return bucket;
  const shift = Math.floor(bucket / SUB) - 1;
  const low = (SUB + (bucket % SUB)) * 2 ** shift;
  return low + Math.floor(2 ** shift / 2);
}
