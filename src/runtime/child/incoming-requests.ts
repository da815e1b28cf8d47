import type { FrameListener, SendClient } from '../hardware/modelled-frame.js';
import type { RequestLife } from './request-life.js';

/** Where requests of a size come in over the network. */
export interface Entrance {
  admit(bytes: number, client: SendClient, listener: FrameListener, tag: number): void;
}

/** The largest message that an adapter hands over in one piece. */
const MESSAGE_BYTES = 65_536;

/** Requests that come to a guest over the network: each is there when its last byte is. */
export class IncomingRequests implements SendClient, FrameListener {
  /** Requests that are not here yet, with how many of their messages are missing. */
  private readonly underWay = new Map<number, { request: number; left: number }>();
  private next = 0;

  constructor(
    private readonly requests: RequestLife,
    private readonly entrance: Entrance,
    private readonly requestBytes: number,
  ) {}

  arrive(): void {
    const tag = this.next++;
    this.underWay.set(tag, { request: this.requests.announce(), left: Math.ceil(this.requestBytes / MESSAGE_BYTES) });
    for (let bytes = this.requestBytes; bytes > 0; bytes -= MESSAGE_BYTES)
      this.entrance.admit(Math.min(bytes, MESSAGE_BYTES), this, this, tag);
  }

  received(tag: number): void {
    const arriving = this.underWay.get(tag);
    if (arriving === undefined || --arriving.left > 0) return;
    this.underWay.delete(tag);
    this.requests.present(arriving.request);
  }

  sent(): void {}

  /** Who asked gives up; what else of the request is under way counts for nothing. */
  sendFailed(tag: number): void {
    const arriving = this.underWay.get(tag);
    if (arriving === undefined) return;
    this.underWay.delete(tag);
    this.requests.abandon(arriving.request);
  }
}
