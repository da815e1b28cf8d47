import type { RingBuffer } from '../../vmbus/ring-buffer.js';
import type { GuestDevice } from '../guest-device.js';

/** A modelled guest's end of an open channel. */
export interface GuestChannel {
  readonly outgoing: RingBuffer;
  readonly incoming: RingBuffer;
  /** The hypervisor looks for its signals: they take no hypercall. */
  readonly monitored: boolean;
  /** The hypercall HvSignalEvent has been made; or, where the channel is monitored, its trigger is set. */
  signalHost(): void;
}

/** A driver that binds to a channel (VSC): a storage, network or integration service of the guest. */
export interface ChannelDriver extends GuestDevice {
  /** Data of each ring in bytes, without the page of its indices; a multiple of a page. */
  readonly ringBytes: number;
  /** The VP, counted within the guest, that takes the channel's interrupts. */
  readonly vp: number;
  /** The channel is open; true: the driver has written its first packet and the host must be signalled. */
  opened(channel: GuestChannel): boolean;
  /** The host has put something into the ring, or has made room. */
  signalled(): void;
  /** The channel did not come about, or is taken away. */
  gone(): void;
}
