import { type PlainState, SnapshotError } from '../../child/snapshot/plain-state.js';
import type { EventConnection } from '../../hypervisor/tlfs/connections.js';
import { type HvStatus, statusName } from '../../hypervisor/tlfs/status.js';
import { type ChannelService, isSavable, type VmbusDevice } from './device.js';
import type { HostChannel } from './host-channel.js';

const FEWEST_RING_PAGES = 2;

/** A device as it is offered to one child, and its channel while it is open. */
export interface Offer {
  device: VmbusDevice;
  subChannel: number;
  /** What its guest signals by, where it may do so without a hypercall. */
  monitor: number | null;
  rescinded: boolean;
  /** What the guest was told in this connection. */
  told: boolean;
  open: OpenChannel | null;
}

export interface OpenChannel {
  channel: HostChannel;
  service: ChannelService;
  gpadl: number;
  downstreamPage: number;
  /** Takes the interrupts of the channel. */
  targetVp: number;
  /** Carries them. */
  events: EventConnection;
}

/** Why the channel of an offer cannot be opened over these pages and with these interrupts; null when it can. */
export function openFault(
  offer: Offer | undefined,
  pages: readonly number[] | null,
  downstreamPage: number,
  events: EventConnection | HvStatus,
): string | null {
  if (offer === undefined || offer.rescinded) return 'it is not offered';
  if (offer.open !== null) return 'it is open';
  if (pages === null) return 'its GPADL is not complete';
  const upstream = pages.length - downstreamPage;
  if (downstreamPage < FEWEST_RING_PAGES || upstream < FEWEST_RING_PAGES) return 'a ring has fewer than two pages';
  if (typeof events === 'number') return `its interrupts reach nobody (${statusName(events)})`;
  return null;
}

/** Throws SnapshotError where the guest uses a device that cannot be saved. */
export function saveOffer(relid: number, { device, subChannel, monitor, rescinded, told, open }: Offer): PlainState {
  if (open !== null && !isSavable(device)) throw cannotBeSaved(device);
  return {
    relid,
    instance: device.instanceId,
    title: device.title,
    subChannel,
    monitor,
    rescinded,
    told,
    open: open && {
      gpadl: open.gpadl,
      downstreamPage: open.downstreamPage,
      targetVp: open.targetVp,
      channel: open.channel.save(),
    },
    device: isSavable(device) ? device.save() : null,
  };
}

export function cannotBeSaved({ title }: VmbusDevice): SnapshotError {
  return new SnapshotError(`the ${title} cannot be saved while the guest uses it`);
}
