import type { HostChannel } from './host-channel.js';

/** Something the parent offers over VMBus: one channel, served by one VSP or integration service. */
export interface VmbusDevice {
  /** For people: "SCSI controller", "heartbeat". */
  readonly title: string;
  /** Class of the device, by which the guest finds its driver. */
  readonly interfaceId: string;
  readonly instanceId: string;
  readonly messagePipe: boolean;
  /** The guest has opened the channel; what is returned serves it until it closes. */
  open(channel: HostChannel): ChannelService;
}

export interface ChannelService {
  /** The guest has put something into the ring, or has made room. */
  signalled(): void;
  /** The channel is gone: nothing may be sent any more. */
  closed(): void;
}
