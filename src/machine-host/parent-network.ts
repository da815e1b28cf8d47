import { parentAddress } from '../model/adapter-addresses.js';
import type { SwitchPlan } from '../model/address-plan.js';
import { INTERNAL_NETWORK } from '../model/catalog/internal-networks.js';
import type { HostModel } from '../model/host-model.js';
import type { EthernetFrame } from '../runtime/parent/ethernet/ethernet-frame.js';
import { DhcpServer } from '../runtime/parent/network-services/dhcp-server.js';
import type { Ipv4Address } from '../runtime/parent/network-services/ipv4.js';
import { ParentStation } from '../runtime/parent/network-services/parent-station.js';
import type { LearningSwitch } from '../runtime/parent/switch/learning-switch.js';
import type { MacAddress } from '../runtime/parent/switch/mac-address.js';

/** Puts the parent on an internal switch, the `index`-th of its host: addresses and names for the children on it. */
export function plugParent(
  host: HostModel,
  { network: base, mask, adapters }: SwitchPlan,
  index: number,
  network: LearningSwitch<EthernetFrame>,
  /** Whether a child has its planned address without asking for it. */
  hasItsAddress: (mac: MacAddress) => boolean,
): void {
  const { parentHost, firstLease, lastLease, leaseSeconds, domain } = INTERNAL_NETWORK;
  const mac = parentAddress(host, index);
  const address = base + parentHost;
  const planned = new Map(adapters.map((adapter) => [adapter.mac, adapter]));
  const dhcp = new DhcpServer({
    server: address,
    mask,
    first: base + firstLease,
    last: base + lastLease,
    reserved: new Map(adapters.map(({ mac, ipv4 }) => [mac, ipv4])),
    leaseSeconds,
    domain,
    nameOf: (client) => planned.get(client)?.child ?? '',
  });
  const addressOf = (client: MacAddress, own: Ipv4Address) => (hasItsAddress(client) ? own : dhcp.addressOf(client));
  const lookup = (asked: string): Ipv4Address[] | null => {
    const bare = asked.endsWith(`.${domain}`) ? asked.slice(0, -domain.length - 1) : asked;
    if (bare === host.name.toLowerCase()) return [address];
    const clients = adapters.filter(({ child }) => child.toLowerCase() === bare);
    const found = clients.map(({ mac, ipv4 }) => addressOf(mac, ipv4)).filter((leased) => leased !== null);
    return found.length === 0 ? null : found;
  };
  const port = network.plug({ role: 'parent', mac, vlan: { kind: 'access', vlan: null }, wake: () => station.wake() });
  const station = new ParentStation({ mac, address, dhcp, lookup }, port);
}
