import type { GuestMemory } from '../../child/cpu-port.js';
import type { SynicMessage } from '../../hypervisor/tlfs/synic.js';
import type { VmbusVersion } from '../versions.js';

/** What the bus of one child stands on. */
export interface VmbusHost {
  memory: GuestMemory;
  synic: VmbusSynic;
  /** What this host speaks; the versions for machine children where nothing is said. */
  versions?: readonly VmbusVersion[];
  report(event: VmbusEvent): void;
}

/** How the bus reaches the guest: messages to one VP, events to the one that the guest chose for a channel. */
export interface VmbusSynic {
  hasRoom(sint: number): boolean;
  post(sint: number, message: SynicMessage): boolean;
  signal(sint: number, flag: number, vp: number): boolean;
}

/** What happened on the bus, for traces and for people. */
export type VmbusEvent =
  | { type: 'connected'; version: string }
  | { type: 'version refused'; version: string }
  | { type: 'channel opened'; device: string; pages: number }
  | { type: 'channel closed'; device: string }
  | { type: 'channel broken'; device: string; reason: string }
  | { type: 'message ignored'; reason: string }
  | { type: 'unloaded' };
