import type { GuestMemory } from '../../child/cpu-port.js';
import type { EventConnection, MessageConnection } from '../../hypervisor/tlfs/connections.js';
import type { HvStatus } from '../../hypervisor/tlfs/status.js';
import type { VmbusVersion } from '../versions.js';

/** What the bus of one child stands on. */
export interface VmbusHost {
  memory: GuestMemory;
  /** To one VP of the child. */
  readonly messages: Pick<MessageConnection, 'hasRoom' | 'post'>;
  /** A connection for the interrupts of a channel, to the VP that the guest chose; or why there is none. */
  connectEvents(vp: number, flag: number): EventConnection | HvStatus;
  /** What this host speaks; the versions for machine children where nothing is said. */
  versions?: readonly VmbusVersion[];
  report(event: VmbusEvent): void;
}

/** What happened on the bus, for traces and for people. */
export type VmbusEvent =
  | { type: 'connected'; version: string }
  | { type: 'version refused'; version: string }
  | { type: 'channel opened'; device: string; pages: number }
  | { type: 'channel closed'; device: string }
  | { type: 'channel broken'; device: string; reason: string }
  | { type: 'message ignored'; reason: string }
  | { type: 'message refused'; reason: string }
  | { type: 'unloaded' };
