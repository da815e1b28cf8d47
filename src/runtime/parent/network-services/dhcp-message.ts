import { word } from '../ethernet/ip-headers.js';
import { type MacAddress, macAt, macBytes } from '../switch/mac-address.js';
import { type Ipv4Address, ipv4At, setIpv4 } from './ipv4.js';

/** Messages of DHCP (RFC 2131, options RFC 2132). */
export const DhcpType = {
  Discover: 1,
  Offer: 2,
  Request: 3,
  Decline: 4,
  Acknowledge: 5,
  Refuse: 6,
  Release: 7,
  Inform: 8,
} as const;

export const SERVER_PORT = 67;
export const CLIENT_PORT = 68;

const FIXED = 236;
const COOKIE = 0x63825363;
const REQUEST = 1;
const REPLY = 2;
const ETHERNET = 1;
const BROADCAST_FLAG = 0x8000;

const Option = {
  Pad: 0,
  SubnetMask: 1,
  NameServer: 6,
  HostName: 12,
  DomainName: 15,
  RequestedAddress: 50,
  LeaseTime: 51,
  MessageType: 53,
  ServerIdentifier: 54,
  End: 255,
} as const;

export interface DhcpRequest {
  type: number;
  transaction: Uint8Array;
  mac: MacAddress;
  /** What the client has already; 0: nothing. */
  clientAddress: Ipv4Address;
  wantsBroadcast: boolean;
  requested: Ipv4Address | null;
  server: Ipv4Address | null;
}

/** null where it is no whole request of an Ethernet client. */
export function decodeDhcp(bytes: Uint8Array): DhcpRequest | null {
  if (bytes.length < FIXED + 4 || bytes[0] !== REQUEST || bytes[1] !== ETHERNET || bytes[2] !== 6) return null;
  if (ipv4At(bytes, FIXED) !== COOKIE) return null;
  const options = decodeOptions(bytes.subarray(FIXED + 4));
  const type = options?.get(Option.MessageType);
  if (options === null || type?.length !== 1) return null;
  const addressIn = (option: number) => {
    const value = options.get(option);
    return value?.length === 4 ? ipv4At(value, 0) : null;
  };
  return {
    type: type[0]!,
    transaction: bytes.slice(4, 8),
    mac: macAt(bytes, 28),
    clientAddress: ipv4At(bytes, 12),
    wantsBroadcast: (word(bytes, 10) & BROADCAST_FLAG) !== 0,
    requested: addressIn(Option.RequestedAddress),
    server: addressIn(Option.ServerIdentifier),
  };
}

function decodeOptions(bytes: Uint8Array): Map<number, Uint8Array> | null {
  const options = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const option = bytes[at++]!;
    if (option === Option.End) return options;
    if (option === Option.Pad) continue;
    const length = bytes[at++];
    if (length === undefined || at + length > bytes.length) return null;
    options.set(option, bytes.subarray(at, at + length));
    at += length;
  }
  return options;
}

export interface DhcpReply {
  type: number;
  /** The client's address; 0: it gets none. */
  address: Ipv4Address;
  server: Ipv4Address;
  /** What it should know besides; missing where it is refused. */
  settings?: {
    mask: Ipv4Address;
    /** Missing where it leases nothing. */
    leaseSeconds?: number;
    nameServer: Ipv4Address;
    hostName: string;
    domain: string;
  };
}

export function encodeDhcp(
  { transaction, mac, clientAddress, wantsBroadcast }: DhcpRequest,
  reply: DhcpReply,
): Uint8Array {
  const { type, address, server, settings } = reply;
  const options: [number, Uint8Array][] = [
    [Option.MessageType, Uint8Array.of(type)],
    [Option.ServerIdentifier, four(server)],
  ];
  if (settings !== undefined) {
    options.push([Option.SubnetMask, four(settings.mask)], [Option.NameServer, four(settings.nameServer)]);
    if (settings.leaseSeconds !== undefined) options.push([Option.LeaseTime, four(settings.leaseSeconds)]);
    options.push([Option.HostName, ascii(settings.hostName)], [Option.DomainName, ascii(settings.domain)]);
  }
  const fixed = new Uint8Array(FIXED + 4);
  fixed.set([REPLY, ETHERNET, 6, 0]);
  fixed.set(transaction, 4);
  fixed[10] = wantsBroadcast ? BROADCAST_FLAG >> 8 : 0;
  if (type === DhcpType.Acknowledge) setIpv4(fixed, 12, clientAddress);
  setIpv4(fixed, 16, address);
  fixed.set(macBytes(mac), 28);
  setIpv4(fixed, FIXED, COOKIE);
  return Uint8Array.from([
    ...fixed,
    ...options.flatMap(([option, value]) => [option, value.length, ...value]),
    Option.End,
  ]);
}

function four(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  setIpv4(bytes, 0, value);
  return bytes;
}

/** Names of a definition are short and plain; an option holds 255 bytes. */
function ascii(text: string): Uint8Array {
  return Uint8Array.from(text.slice(0, 255), (letter) => letter.charCodeAt(0) & 0x7f);
}
