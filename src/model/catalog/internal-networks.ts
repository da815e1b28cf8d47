import type { Source } from './source.js';

/** Ethernet addresses of virtual adapters. */
export const ADAPTER_ADDRESSES = {
  /** 00-15-5D, the upper half of the address. */
  prefix: 0x00155d,
  source: {
    standing: 'documented',
    text: 'IEEE registry: 00-15-5D belongs to Microsoft; Hyper-V draws dynamic addresses from it (Microsoft, Hyper-V MAC address pool)',
  } satisfies Source,
};

/** The IPv4 networks of virtual switches, and what the parent offers on an internal one. */
export const INTERNAL_NETWORK = {
  /** 192.168.137.0/24 for the first internal switch of a host, the next one for the second. */
  firstNetwork: 0xc0a88900,
  prefixBits: 24,
  /** Networks for switches that the parent is not on, behind those for internal ones: up to 192.168.255.0. */
  otherNetworks: 55,
  /** The parent's own place in it, and the places of the children, in the order of the file. */
  parentHost: 1,
  firstLease: 10,
  lastLease: 254,
  leaseSeconds: 86_400,
  /** The domain of the children's names. */
  domain: 'internal',
  source: {
    standing: 'assumed',
    text: 'a choice of ours within RFC 1918, the block that Windows Internet Connection Sharing uses; .internal is reserved for private use (ICANN, 2024)',
  } satisfies Source,
};
