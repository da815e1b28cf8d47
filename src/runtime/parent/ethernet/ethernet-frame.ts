import type { Delivery, Frame } from '../switch/frame.js';
import { macAt } from '../switch/mac-address.js';

export const ETHERNET_HEADER = 14;

/** A frame with its bytes, as machine children exchange them. Nobody writes into `data` once it is sent. */
export interface EthernetFrame extends Frame {
  /** From the destination address on, without VLAN tag and check sequence. */
  readonly data: Uint8Array;
  readonly offload: Offload | null;
}

/** What the sender left to whoever hands the frame to somebody that expects it done. */
export interface Offload {
  /** The checksum of TCP or UDP is not there yet. */
  readonly checksum: boolean;
  /** Largest payload of a TCP segment, where the frame stands for several; 0: it is one. */
  readonly segmentBytes: number;
}

/** Somebody's end of a cable into the switch. */
export interface NetworkPort {
  /** Too much is under way: sending should wait until the port wakes its owner. */
  readonly busy: boolean;
  send(frame: EthernetFrame, tag: number | null): void;
  /** The frame that waits longest, or null. */
  take(): Delivery<EthernetFrame> | null;
}

/** Throws RangeError where the bytes are too few for a header. */
export function ethernetFrame(data: Uint8Array, offload: Offload | null = null): EthernetFrame {
  if (data.length < ETHERNET_HEADER) throw new RangeError('a frame is shorter than its header');
  return { destination: macAt(data, 0), source: macAt(data, 6), bytes: data.length, data, offload };
}
