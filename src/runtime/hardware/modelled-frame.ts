import type { EthernetFrame } from '../parent/ethernet/ethernet-frame.js';
import type { Frame } from '../parent/switch/frame.js';
import type { Flow } from './fair-queue.js';

/** Who sent a frame hears what became of it. */
export interface SendClient {
  /** Its last byte has left, or whoever it was for has taken it. */
  sent(tag: number): void;
  /** It was given up: there was no link, or nobody took it, for too long. */
  sendFailed(tag: number): void;
}

/** Somebody in a guest who waits for what a frame brings. */
export interface FrameListener {
  received(tag: number): void;
}

/** A frame, or a large send of many, of the model: it has a size and endpoints, and bytes only where it comes from or goes to a machine child. */
export interface ModelledFrame extends Frame {
  /** The VLAN it is tagged with on a physical wire; null: untagged. */
  readonly wireTag: number | null;
  /** Null on a wire that is not shared by weight. */
  readonly flow: Flow | null;
  readonly sender: SendClient;
  readonly tag: number;
  /** Null where its arrival means no more to the guest than the work of receiving it. */
  readonly listener: FrameListener | null;
  /** When it was sent first. */
  readonly sinceNs: number;
  /** Sends it once more the way it went before. */
  readonly repeat: (frame: ModelledFrame) => void;
  /** What a machine child sent, or is to get: once lost, it is not sent again. */
  readonly content: EthernetFrame | null;
}
