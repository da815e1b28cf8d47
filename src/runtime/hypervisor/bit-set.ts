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

  /** The least member, or -1. */
  first(): number {
    for (let word = 0; word < this.words.length; word++) {
      const bits = this.words[word]!;
      if (bits !== 0) return word * 32 + 31 - Math.clz32(bits & -bits);
    }
    return -1;
  }
}
