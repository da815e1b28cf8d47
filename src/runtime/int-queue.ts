/** First in, first out, for whole numbers from 0 up; grows by doubling and allocates nothing otherwise. */
export class IntQueue {
  private items = new Float64Array(8);
  private head = 0;
  length = 0;

  push(item: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[(this.head + this.length) & (this.items.length - 1)] = item;
    this.length++;
  }

  /** The oldest item, or -1. */
  shift(): number {
    if (this.length === 0) return -1;
    const item = this.items[this.head]!;
    this.head = (this.head + 1) & (this.items.length - 1);
    this.length--;
    return item;
  }

  /** The oldest item, which stays; or -1. */
  peek(): number {
    return this.length === 0 ? -1 : this.items[this.head]!;
  }

  /** Every item, oldest first; none stays. */
  takeAll(): number[] {
    return Array.from({ length: this.length }, () => this.shift());
  }

  clear(): void {
    this.length = 0;
  }

  private grow(): void {
    const larger = new Float64Array(this.items.length * 2);
    for (let i = 0; i < this.length; i++) larger[i] = this.items[(this.head + i) & (this.items.length - 1)]!;
    this.items = larger;
    this.head = 0;
  }
}
