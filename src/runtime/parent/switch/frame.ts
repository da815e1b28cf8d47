import type { MacAddress } from './mac-address.js';

/**
 * What a switch looks at. Bytes or a mere size hang on it, as whoever sends and receives agree; VLAN tags travel beside
 * it, so that nobody has to take a frame apart to add or remove one.
 */
export interface Frame {
  readonly source: MacAddress;
  readonly destination: MacAddress;
  /** Length with the Ethernet header, without VLAN tag and check sequence. */
  readonly bytes: number;
}

/** A frame at a port, with the VLAN it is tagged with there; null: untagged. */
export interface Delivery<F extends Frame> {
  readonly frame: F;
  readonly tag: number | null;
}
