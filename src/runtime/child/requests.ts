import { IntQueue } from '../int-queue.js';

/** The requests of one child that are under way, as columns; a request is a row that is used again when it is done. */
export class Requests {
  readonly arrivalNs: number[] = [];
  readonly stage: number[] = [];
  /** Bytes of the stage that are not transferred. */
  readonly leftBytes: number[] = [];
  /** Bytes of its memory that are in the paging file. */
  readonly pagedBytes: number[] = [];
  private readonly free = new IntQueue();
  begun = 0;
  ended = 0;

  begin(nowNs: number, pagedBytes: number): number {
    const recycled = this.free.shift();
    const request = recycled >= 0 ? recycled : this.arrivalNs.length;
    this.arrivalNs[request] = nowNs;
    this.stage[request] = 0;
    this.leftBytes[request] = 0;
    this.pagedBytes[request] = pagedBytes;
    this.begun++;
    return request;
  }

  end(request: number): void {
    this.free.push(request);
    this.ended++;
  }

  get underWay(): number {
    return this.begun - this.ended;
  }
}
