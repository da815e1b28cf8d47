/** First in, first out, for objects; what was taken is let go in batches, so that no item costs a move of all others. */
export class Queue<T> {
  private items: T[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** The oldest item, which stays. */
  peek(): T | undefined {
    return this.items[this.head];
  }

  shift(): T | undefined {
    const item = this.items[this.head];
    if (item === undefined) return undefined;
    this.head++;
    if (this.head === this.items.length || (this.head >= BATCH && 2 * this.head >= this.items.length)) {
      this.items.splice(0, this.head);
      this.head = 0;
    }
    return item;
  }

  /** Every item, oldest first; none stays. */
  takeAll(): T[] {
    const all = this.items.slice(this.head);
    this.items = [];
    this.head = 0;
    return all;
  }
}

const BATCH = 1024;
