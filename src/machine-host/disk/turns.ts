/** Lets work that only looks run side by side, and work that changes something alone, in the order it came. */
export class Turns {
  /** Ends when the last change has. */
  private changed: Promise<unknown> = Promise.resolve();
  /** Ends when everything that looks since then has. */
  private looked: Promise<unknown> = Promise.resolve();

  look<T>(work: () => Promise<T>): Promise<T> {
    const result = this.changed.then(work);
    this.looked = Promise.allSettled([this.looked, result]);
    return result;
  }

  change<T>(work: () => Promise<T>): Promise<T> {
    const result = Promise.all([this.changed, this.looked]).then(work);
    this.changed = result.catch(() => {});
    this.looked = this.changed;
    return result;
  }
}
