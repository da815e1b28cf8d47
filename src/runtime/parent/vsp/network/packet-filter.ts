import { BROADCAST, isGroup, type MacAddress } from '../../switch/mac-address.js';

/** NDIS_PACKET_TYPE: which frames the driver wants. */
const DIRECTED = 0x01;
const MULTICAST = 0x02;
const ALL_MULTICAST = 0x04;
const BROADCASTS = 0x08;
const PROMISCUOUS = 0x20;

/** Multicast lists are not followed: who wants some groups gets all, and its network stack drops the rest. */
export function passesFilter(filter: number, destination: MacAddress, own: MacAddress): boolean {
  if ((filter & PROMISCUOUS) !== 0) return true;
  if (destination === BROADCAST) return (filter & BROADCASTS) !== 0;
  if (isGroup(destination)) return (filter & (MULTICAST | ALL_MULTICAST)) !== 0;
  return (filter & DIRECTED) !== 0 && destination === own;
}
