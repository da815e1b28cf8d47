import type { VirtualNic } from './host-model.js';

/** The adapters, counted from 0, by which one child reaches another. */
export interface NetworkPath {
  from: number;
  to: number;
}

/** Where an adapter is plugged in. */
type Place = Pick<VirtualNic, 'switch' | 'vlan'>;

/** The first adapters of two children that are on one switch and in one VLAN; null where they have none. */
export function pathBetween(
  { nics }: { nics: readonly Place[] },
  peer: { nics: readonly Place[] },
): NetworkPath | null {
  for (const [from, nic] of nics.entries()) {
    const to = peer.nics.findIndex((other) => other.switch === nic.switch && other.vlan === nic.vlan);
    if (to >= 0) return { from, to };
  }
  return null;
}
