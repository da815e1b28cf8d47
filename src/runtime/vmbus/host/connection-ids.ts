import { HvStatus } from '../../hypervisor/tlfs/status.js';
import type { OfferTable } from './offer-table.js';

/** SINT of VMBus messages and channel interrupts. */
export const VMBUS_SINT = 2;
/** Type of the messages of VMBus. */
export const CHANNEL_MESSAGE = 1;

/** The guest's connections to the message port: 1 up to VMBus 4.1, 4 from 5.0 on. */
const MESSAGE_CONNECTIONS: readonly number[] = [1, 4];
/** Of the events of all channels, before each had its own. */
export const EVENT_CONNECTION = 2;
/** Connections of channels' events begin here. */
export const FIRST_CONNECTION = 0x10000;

/** What a guest that posts to this connection hears instead of an answer; null where messages go there. */
export function refusedPost(connectionId: number, offers: OfferTable): HvStatus | null {
  if (MESSAGE_CONNECTIONS.includes(connectionId)) return null;
  const forEvents = connectionId === EVENT_CONNECTION || offers.get(connectionId - FIRST_CONNECTION) !== undefined;
  return forEvents ? HvStatus.InvalidPortId : HvStatus.InvalidConnectionId;
}

/** What a guest hears that signals a connection which is not a channel's. */
export function refusedSignal(connectionId: number): HvStatus {
  return MESSAGE_CONNECTIONS.includes(connectionId) ? HvStatus.InvalidPortId : HvStatus.InvalidConnectionId;
}
