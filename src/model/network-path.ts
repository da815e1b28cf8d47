import type { VirtualNic, VirtualSwitch } from './host-model.js';

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

/** The first adapter, counted from 0, behind which somebody is who is no child; -1 where none leads there. */
export function outsideAdapter(
  nics: readonly Place[],
  switches: readonly Pick<VirtualSwitch, 'name' | 'kind'>[],
): number {
  return nics.findIndex((nic) => {
    const kind = switches.find(({ name }) => name === nic.switch)?.kind;
    // The parent is on the untagged VLAN of internal switches.
    return kind === 'external' || (kind === 'internal' && nic.vlan === null);
  });
}
