/** A set of small whole numbers that finds its least member without looking at each. */
export class BitSet {
  private readonly words: Int32Array;

  constructor(capacity: number) {
    this.words = new Int32Array(Math.ceil(capacity / 32));
  }

  add(member: number): void {
    this.words[member >> 5] = this.words[member >> 5]! | (1 << (member & 31));
  }

  delete(member: number): void {
    this.words[member >> 5] = this.words[member >> 5]! & ~(1 << (member & 31));
  }

  has(member: number): boolean {
    return (this.words[member >> 5]! & (1 << (member & 31))) !== 0;
  }

  /** The least member from `from` to before `end`, or -1. */
  first(from: number, end: number): number {
    let mask = -1 << (from & 31);
    for (let word = from >> 5; word * 32 < end; word++) {
      const bits = this.words[word]! & mask;
      mask = -1;
      if (bits === 0) continue;
      const member = word * 32 + 31 - Math.clz32(bits & -bits);
      return member < end ? member : -1;
    }
    return -1;
  }
}
