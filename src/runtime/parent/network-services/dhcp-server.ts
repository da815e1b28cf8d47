import type { MacAddress } from '../switch/mac-address.js';
import { type DhcpReply, type DhcpRequest, DhcpType } from './dhcp-message.js';
import type { Ipv4Address } from './ipv4.js';

export interface DhcpOptions {
  /** The server's own address, which is the name server's as well. */
  server: Ipv4Address;
  mask: Ipv4Address;
  /** The addresses it leases, both included. */
  first: Ipv4Address;
  last: Ipv4Address;
  /** The addresses that are kept for clients, by their Ethernet addresses; nobody else gets them. */
  reserved?: ReadonlyMap<MacAddress, Ipv4Address>;
  leaseSeconds: number;
  domain: string;
  /** What the client behind an Ethernet address is called. */
  nameOf(mac: MacAddress): string;
}

/** Addresses that one client can keep from the others by saying that somebody uses them. */
const MAX_DECLINED = 3;

interface Lease {
  address: Ipv4Address;
  /** The client has taken it; before, it is only offered. */
  bound: boolean;
}

/**
 * Leases addresses by Ethernet address: the same client gets the same one again as long as the server lives. It owns no
 * clock, so that no lease runs out; the switch lets each port use one Ethernet address, which bounds what can be taken.
 */
export class DhcpServer {
  private readonly leases = new Map<MacAddress, Lease>();
  /** Addresses that each client found in use by somebody else, oldest first. */
  private readonly declined = new Map<MacAddress, Ipv4Address[]>();
  private readonly kept: ReadonlySet<Ipv4Address>;

  constructor(private readonly options: DhcpOptions) {
    this.kept = new Set(options.reserved?.values());
  }

  /** null: nothing is answered. */
  answer(request: DhcpRequest): DhcpReply | null {
    switch (request.type) {
      case DhcpType.Discover:
        return this.offer(request.mac);
      case DhcpType.Request:
        return this.lease(request);
      case DhcpType.Decline:
        this.decline(request.mac);
        return null;
      case DhcpType.Release: {
        const lease = this.leases.get(request.mac);
        if (lease !== undefined) lease.bound = false;
        return null;
      }
      case DhcpType.Inform: {
        const { leaseSeconds: _, ...settings } = this.settings(request.mac);
        return { type: DhcpType.Acknowledge, address: 0, server: this.options.server, settings };
      }
      default:
        return null;
    }
  }

  /** The address that the client has taken, or null. */
  addressOf(mac: MacAddress): Ipv4Address | null {
    const lease = this.leases.get(mac);
    return lease?.bound ? lease.address : null;
  }

  private offer(mac: MacAddress): DhcpReply | null {
    const lease = this.leases.get(mac) ?? this.reserve(mac);
    return lease === null ? null : this.grant(DhcpType.Offer, mac, lease);
  }

  private lease({ mac, server, requested, clientAddress }: DhcpRequest): DhcpReply | null {
    if (server !== null && server !== this.options.server) return null; // it chose another server
    const wanted = requested ?? clientAddress;
    const lease = this.leases.get(mac) ?? this.reserve(mac);
    if (lease === null || wanted !== lease.address) {
      return { type: DhcpType.Refuse, address: 0, server: this.options.server };
    }
    lease.bound = true;
    return this.grant(DhcpType.Acknowledge, mac, lease);
  }

  private decline(mac: MacAddress): void {
    const lease = this.leases.get(mac);
    if (lease === undefined) return;
    this.declined.set(mac, [...(this.declined.get(mac) ?? []), lease.address].slice(-MAX_DECLINED));
    this.leases.delete(mac);
  }

  /** null: every address is taken. */
  private reserve(mac: MacAddress): Lease | null {
    const address = this.freeFor(mac);
    if (address === null) return null;
    const lease = { address, bound: false };
    this.leases.set(mac, lease);
    return lease;
  }

  private freeFor(mac: MacAddress): Ipv4Address | null {
    const { first, last, reserved } = this.options;
    const leased = [...this.leases.values()].map(({ address }) => address);
    const taken = new Set([...leased, ...[...this.declined.values()].flat()]);
    const own = reserved?.get(mac);
    if (own !== undefined && !taken.has(own)) return own;
    for (let address = first; address <= last; address++) {
      if (!taken.has(address) && !this.kept.has(address)) return address;
    }
    return null;
  }

  private grant(type: number, mac: MacAddress, { address }: Lease): DhcpReply {
    return { type, address, server: this.options.server, settings: this.settings(mac) };
  }

  private settings(mac: MacAddress) {
    const { server, mask, leaseSeconds, domain, nameOf } = this.options;
    return { mask, leaseSeconds, nameServer: server, hostName: nameOf(mac), domain };
  }
}
