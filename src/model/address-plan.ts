import { adapterAddress, PARENT_ADAPTERS } from './adapter-addresses.js';
import { INTERNAL_NETWORK } from './catalog/internal-networks.js';
import type { Child, HostModel } from './host-model.js';

/** An adapter on a switch, with its addresses there. */
export interface PlannedAdapter {
  child: string;
  /** Of the child, counted from 0. */
  adapter: number;
  /** As a number of 48 bits. */
  mac: number;
  /** As a number of 32 bits. */
  ipv4: number;
}

/** The IPv4 network of a switch. The parent leases the planned addresses on an internal switch; elsewhere nobody does. */
export interface SwitchPlan {
  /** Its first address, as a number of 32 bits. */
  network: number;
  mask: number;
  adapters: PlannedAdapter[];
}

/**
 * Which address each adapter on a switch has: the same definition gives the same ones. Null where there is no such switch or
 * no network is left for it; adapters beyond the last place of the network have none.
 */
export function addressPlan(host: HostModel, switchName: string): SwitchPlan | null {
  const network = networkOf(host, switchName);
  if (network === null) return null;
  const { prefixBits, firstLease, lastLease } = INTERNAL_NETWORK;
  const adapters = host.children
    .flatMap(({ name, nics }) => [...nics.entries()].map(([adapter, nic]) => ({ child: name, adapter, nic })))
    .filter(({ nic }) => nic.switch === switchName)
    .slice(0, lastLease - firstLease + 1)
    .map(({ child, adapter }, place) => ({
      child,
      adapter,
      mac: adapterAddress(host, child, adapter),
      ipv4: network + firstLease + place,
    }));
  return { network, mask: (0xffff_ffff << (32 - prefixBits)) >>> 0, adapters };
}

/** The addresses of a child's adapters, in their order; those without one left out. */
export function plannedAddresses(host: HostModel, { name, nics }: Child): number[] {
  return nics.flatMap((nic, adapter) => {
    const planned = addressPlan(host, nic.switch)?.adapters ?? [];
    return planned.filter((each) => each.child === name && each.adapter === adapter).map(({ ipv4 }) => ipv4);
  });
}

/** "192.168.137.10". */
export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}

function networkOf({ switches }: HostModel, name: string): number | null {
  const { firstNetwork, prefixBits, otherNetworks } = INTERNAL_NETWORK;
  const isInternal = switches.find((each) => each.name === name)?.kind === 'internal';
  const alike = switches.filter(({ kind }) => (kind === 'internal') === isInternal);
  const place = alike.findIndex((each) => each.name === name);
  if (place < 0 || place >= (isInternal ? PARENT_ADAPTERS : otherNetworks)) return null;
  return firstNetwork + (isInternal ? place : PARENT_ADAPTERS + place) * 2 ** (32 - prefixBits);
}
