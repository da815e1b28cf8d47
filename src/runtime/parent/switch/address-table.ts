import type { MacAddress } from './mac-address.js';

/** Learned addresses of one VLAN; the one learned first is forgotten for a new one. */
const MAX_LEARNED = 4096;

/** Where addresses live, by VLAN: those that a port owns, and those that were seen behind a port with many. */
export class AddressTable<Port> {
  private readonly owned = new Map<number, Map<MacAddress, Port>>();
  private readonly learned = new Map<number, Map<MacAddress, Port>>();

  home(vlan: number, mac: MacAddress): Port | undefined {
    return this.owned.get(vlan)?.get(mac) ?? this.learned.get(vlan)?.get(mac);
  }

  isOwned(vlan: number, mac: MacAddress): boolean {
    return this.owned.get(vlan)?.has(mac) === true;
  }

  own(vlan: number, mac: MacAddress, port: Port): void {
    inVlan(this.owned, vlan).set(mac, port);
    this.learned.get(vlan)?.delete(mac);
  }

  /** Does nothing where another port owns the address. */
  disown(vlan: number, mac: MacAddress, port: Port): void {
    const owned = this.owned.get(vlan);
    if (owned?.get(mac) === port) owned.delete(mac);
  }

  /** An address that a port owns is learned nowhere else. */
  learn(vlan: number, mac: MacAddress, port: Port): void {
    if (this.isOwned(vlan, mac)) return;
    const learned = inVlan(this.learned, vlan);
    if (!learned.has(mac) && learned.size >= MAX_LEARNED) learned.delete(learned.keys().next().value!);
    learned.set(mac, port);
  }

  forget(port: Port): void {
    for (const homes of [...this.owned.values(), ...this.learned.values()]) {
      for (const [mac, home] of homes) if (home === port) homes.delete(mac);
    }
  }
}

function inVlan<Port>(vlans: Map<number, Map<MacAddress, Port>>, vlan: number): Map<MacAddress, Port> {
  const homes = vlans.get(vlan) ?? new Map<MacAddress, Port>();
  vlans.set(vlan, homes);
  return homes;
}
