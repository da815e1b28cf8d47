import { adapterAddress, parentAddress } from '../model/adapter-addresses.js';
import { INTERNAL_NETWORK } from '../model/catalog/internal-networks.js';
import type { HostModel } from '../model/host-model.js';
import type { EthernetFrame } from '../runtime/parent/ethernet/ethernet-frame.js';
import { DhcpServer } from '../runtime/parent/network-services/dhcp-server.js';
import type { Ipv4Address } from '../runtime/parent/network-services/ipv4.js';
import { ParentStation } from '../runtime/parent/network-services/parent-station.js';
import type { LearningSwitch } from '../runtime/parent/switch/learning-switch.js';
import type { MacAddress } from '../runtime/parent/switch/mac-address.js';

/** Puts the parent on an internal switch, the `index`-th of its host: addresses and names for the children on it. */
export function plugParent(host: HostModel, name: string, index: number, network: LearningSwitch<EthernetFrame>): void {
  const { firstNetwork, prefixBits, parentHost, firstLease, lastLease, leaseSeconds, domain } = INTERNAL_NETWORK;
  const base = firstNetwork + index * 2 ** (32 - prefixBits);
  const mac = parentAddress(host, index);
  const address = base + parentHost;
  const names = namesOn(host, name);
  const dhcp = new DhcpServer({
    server: address,
    mask: (0xffff_ffff << (32 - prefixBits)) >>> 0,
    first: base + firstLease,
    last: base + lastLease,
    leaseSeconds,
    domain,
    nameOf: (client) => names.get(client) ?? '',
  });
  const lookup = (asked: string): Ipv4Address[] | null => {
    const bare = asked.endsWith(`.${domain}`) ? asked.slice(0, -domain.length - 1) : asked;
    if (bare === host.name.toLowerCase()) return [address];
    const clients = [...names].filter(([, child]) => child.toLowerCase() === bare);
    const found = clients.map(([client]) => dhcp.addressOf(client)).filter((leased) => leased !== null);
    return found.length === 0 ? null : found;
  };
  const port = network.plug({ role: 'parent', mac, vlan: { kind: 'access', vlan: null }, wake: () => station.wake() });
  const station = new ParentStation({ mac, address, dhcp, lookup }, port);
}

/** The children on a switch, by the addresses of their adapters there. */
function namesOn(host: HostModel, name: string): Map<MacAddress, string> {
  return new Map(
    host.children.flatMap((child) =>
      [...child.nics.entries()]
        .filter(([, nic]) => nic.switch === name)
        .map(([adapter]) => [adapterAddress(host, child.name, adapter), child.name] as const),
    ),
  );
}
