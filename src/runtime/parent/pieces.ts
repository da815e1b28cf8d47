/** A large transfer in pieces, counted from 0, of which several are under way at once. */
export class Pieces {
  private begun = 0;
  private ended = 0;

  constructor(
    private readonly count: number,
    private readonly atOnce: number,
    private readonly begin: (piece: number) => void,
    private readonly done: () => void,
  ) {}

  start(): void {
    while (this.begun < this.count && this.begun - this.ended < this.atOnce) this.begin(this.begun++);
  }

  /** One of them is over: the next begins, or all are done. */
  end(): void {
    this.ended++;
    if (this.ended === this.count) this.done();
    else if (this.begun < this.count) this.begin(this.begun++);
  }
}
