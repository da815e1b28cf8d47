import type { VirtualNic, VlanRange } from '../../../model/host-model.js';

/** The VLAN inside a switch of frames that belong to none. */
export const UNTAGGED = 0;
const HIGHEST_VLAN = 4094;

/**
 * `access`: frames are untagged outside and belong to that VLAN inside, null being the untagged one. `trunk`: untagged frames
 * belong to the native VLAN, the untagged one where nothing is said; tagged ones pass in the allowed VLANs, absent: in all.
 */
export type PortVlan =
  | { kind: 'access'; vlan: number | null }
  | { kind: 'trunk'; native?: number | null; allowed?: readonly VlanRange[] };

/** The port that an adapter asks for. */
export function portVlanOf({ vlan, trunk }: Pick<VirtualNic, 'vlan' | 'trunk'>): PortVlan {
  return trunk === undefined ? { kind: 'access', vlan } : { kind: 'trunk', native: vlan, allowed: trunk };
}

export function isVlan(vlan: number): boolean {
  return Number.isInteger(vlan) && vlan >= 1 && vlan <= HIGHEST_VLAN;
}

/** The VLAN inside the switch of a frame that arrives with that tag; null: the port does not take it. */
export function vlanInside(port: PortVlan, tag: number | null): number | null {
  if (tag === null) return untagged(port);
  return port.kind === 'trunk' && isVlan(tag) && allows(port, tag) ? tag : null;
}

/** Do frames of this VLAN go out there? */
export function carries(port: PortVlan, vlan: number): boolean {
  return untagged(port) === vlan || (port.kind === 'trunk' && allows(port, vlan));
}

/** The tag of a frame of this VLAN that goes out there. */
export function tagOutside(port: PortVlan, vlan: number): number | null {
  return port.kind === 'access' || vlan === UNTAGGED || vlan === untagged(port) ? null : vlan;
}

/** The VLANs in which somebody with an address of its own is at the port. A trunk says them. */
export function vlansOf(port: PortVlan): readonly number[] {
  if (port.kind === 'access') return [untagged(port)];
  const vlans = new Set([untagged(port)]);
  for (const { first, last } of port.allowed ?? []) for (let vlan = first; vlan <= last; vlan++) vlans.add(vlan);
  return [...vlans];
}

function untagged(port: PortVlan): number {
  return (port.kind === 'access' ? port.vlan : port.native) ?? UNTAGGED;
}

function allows({ allowed }: Extract<PortVlan, { kind: 'trunk' }>, vlan: number): boolean {
  return allowed === undefined || allowed.some(({ first, last }) => vlan >= first && vlan <= last);
}
