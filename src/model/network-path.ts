import type { Child } from './host-model.js';

/** The adapters, counted from 0, by which one child reaches another. */
export interface NetworkPath {
  from: number;
  to: number;
}

/** The first adapters of two children that are on one switch and in one VLAN; null where they have none. */
export function pathBetween(child: Pick<Child, 'nics'>, peer: Pick<Child, 'nics'>): NetworkPath | null {
  for (const [from, nic] of child.nics.entries()) {
    const to = peer.nics.findIndex(({ switch: name, vlan }) => name === nic.switch && vlan === nic.vlan);
    if (to >= 0) return { from, to };
  }
  return null;
}
