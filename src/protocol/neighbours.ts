/** What whoever boots machine children says to the thread that runs the modelled children beside them, and what it answers. */
import type { HostModel } from '../model/host-model.js';
import type { CableMessage } from './machine.js';
import type { PartitionState } from './snapshot.js';

/** To the thread. `run beside` comes first and once; the thread is ended from outside. */
export type NeighbourCommand =
  /** `switches`: those that machine children are on, too; messages of a bridge name its place among them. */
  { type: 'run beside'; model: HostModel; seed: number; switches: string[] } | BridgeMessage;

/** From the thread. */
export type NeighbourMessage =
  | BridgeMessage
  /** A sentence for the user: the modelled children are not there, or not in time. */
  | { type: 'notice'; text: string }
  /** Once a second of virtual time while it keeps up with the clock. */
  | { type: 'neighbours'; status: NeighbourStatus };

/** Between the two ends of a bridge, either way; `adapter` is the place of its switch. */
export type BridgeMessage =
  | CableMessage
  /** A child is at a port of the sender's switch, or no longer; `vlan` null: the untagged one. */
  | { type: 'station'; adapter: number; mac: number; vlan: number | null; there: boolean };

export interface NeighbourStatus {
  children: Neighbour[];
  /** Frames that were dropped at the bridges, because nobody took them in time or nobody was there. */
  dropped: number;
}

/** A modelled child beside machine children. */
export interface Neighbour {
  name: string;
  state: PartitionState;
  /** Of its adapters, since it was started. */
  sentFrames: number;
  receivedFrames: number;
}
