export const PacketType = { InBand: 6, TransferPages: 7, GpaDirect: 9, Completion: 11 } as const;

/** Asks the receiver to answer with a completion packet. */
export const COMPLETION_REQUESTED = 1;

/** What a packet says, without what it is for: page ranges, then from `payloadAt` to `bodyBytes` the payload. */
export interface PacketBody {
  type: number;
  body: Uint8Array<ArrayBuffer>;
  view: DataView<ArrayBuffer>;
  bodyBytes: number;
  /** A multiple of 8. */
  payloadAt: number;
}

/**
 * One packet on its way into or out of a ring. The same object serves any number of packets, so that nothing is
 * allocated for each; what was read into it is a copy that the other side cannot change.
 */
export class RingPacket implements PacketBody {
  type = 0;
  flags = 0;
  /** The transaction id, which is the sender's own and comes back unchanged: 64 bits in two halves. */
  transactionLow = 0;
  transactionHigh = 0;
  body: Uint8Array<ArrayBuffer>;
  view: DataView<ArrayBuffer>;
  bodyBytes = 0;
  payloadAt = 0;

  constructor(bodyBytes = 0) {
    this.body = new Uint8Array(bodyBytes);
    this.view = new DataView(this.body.buffer);
  }

  /** Makes room for a body of `bytes`; what was in it is lost. */
  reserve(bytes: number): void {
    if (bytes <= this.body.length) return;
    this.body = new Uint8Array(bytes);
    this.view = new DataView(this.body.buffer);
  }

  /** The transaction id as one number; only for ids below 2^53. */
  get transaction(): number {
    return this.transactionHigh * 4294967296 + this.transactionLow;
  }

  set transaction(id: number) {
    this.transactionLow = id >>> 0;
    this.transactionHigh = Math.floor(id / 4294967296);
  }

  get completionRequested(): boolean {
    return (this.flags & COMPLETION_REQUESTED) !== 0;
  }
}
