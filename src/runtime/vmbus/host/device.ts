import type { PlainState, StateReader } from '../../child/snapshot/plain-state.js';
import type { HostChannel } from './host-channel.js';

/** Something the parent offers over VMBus: a channel, and perhaps further ones, served by a VSP or an integration service. */
export interface VmbusDevice {
  /** For people: "SCSI controller", "heartbeat". */
  readonly title: string;
  /** Class of the device, by which the guest finds its driver. */
  readonly interfaceId: string;
  readonly instanceId: string;
  readonly messagePipe: boolean;
  /** Memory above RAM that the guest has to find a place for. */
  readonly mmioMegabytes?: number;
  /**
   * The guest signals by a bit in its monitor page, and the hypervisor sees to it about so much later, in ns; absent or 0:
   * it signals by a hypercall.
   */
  readonly monitorLatencyNs?: number;
  /**
   * The guest has opened the channel; what is returned serves it until it closes. `subChannel` is 0 for the device's own
   * channel, else that of a further one that the device has offered.
   */
  open(channel: HostChannel, subChannel: number): ChannelService;
}

/** A device that a snapshot can hold. One that is not makes its partition unsavable while its channel is open. */
export interface SavableDevice extends VmbusDevice {
  /** What it remembers beyond what is in the rings and in guest memory. */
  save(): PlainState;
  /**
   * Goes on from there. `channel` was open when it was saved and is served instead of `open`; null where none was.
   * Throws SnapshotError.
   */
  restore(state: StateReader, channel: HostChannel | null): ChannelService | null;
}

export function isSavable(device: VmbusDevice): device is SavableDevice {
  return 'save' in device && 'restore' in device;
}

export interface ChannelService {
  /** The guest has put something into the ring, or has made room. */
  signalled(): void;
  /** The channel is gone: nothing may be sent any more. */
  closed(): void;
  /** Whether it reads or writes the memory that the guest shares under this handle; absent: none but the rings. */
  uses?(gpadl: number): boolean;
}
