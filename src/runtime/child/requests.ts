import { IntQueue } from '../int-queue.js';

/** The requests of one child that are under way, as columns; a request is a row that is used again when it is done. */
export class Requests {
  readonly arrivalNs: number[] = [];
  readonly stage: number[] = [];
  /** Bytes of the stage that are not transferred. */
  readonly leftBytes: number[] = [];
  /** Bytes of its memory that are in the paging file. */
  readonly pagedBytes: number[] = [];
  /** Bytes of the stage that a driver has and has not answered for. */
  readonly issuedBytes: number[] = [];
  /** What is left of a burst that began on another host; 0 when none did. */
  readonly restNs: number[] = [];
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
    this.issuedBytes[request] = 0;
    this.restNs[request] = 0;
    this.begun++;
    return request;
  }

  end(request: number): void {
    this.stage[request] = ENDED;
    this.free.push(request);
    this.ended++;
  }

  get underWay(): number {
    return this.begun - this.ended;
  }

  /** Takes over a request of another host. */
  adopt({ arrivalNs, stage, leftBytes, pagedBytes, restNs }: OpenRequest): number {
    const request = this.begin(arrivalNs, pagedBytes);
    this.stage[request] = stage;
    this.leftBytes[request] = leftBytes;
    this.restNs[request] = restNs;
    return request;
  }

  /** Those under way as another host can take them over, in the order in which they came; `restNs` of a request: its burst. */
  open(restNs: (request: number) => number): OpenRequest[] {
    return this.stage
      .flatMap((stage, request): OpenRequest[] => {
        if (stage === ENDED) return [];
        return [
          {
            arrivalNs: this.arrivalNs[request]!,
            stage,
            leftBytes: this.leftBytes[request]! + this.issuedBytes[request]!,
            pagedBytes: this.pagedBytes[request]!,
            restNs: restNs(request) || this.restNs[request]!,
          },
        ];
      })
      .sort((a, b) => a.arrivalNs - b.arrivalNs);
  }
}

/** A request under way that goes on on another host: what a driver had of it is issued again. */
export interface OpenRequest {
  arrivalNs: number;
  stage: number;
  leftBytes: number;
  pagedBytes: number;
  /** What is left of its burst, in ns of an unloaded processor. */
  restNs: number;
}

const ENDED = -1;
