import type { MacAddress } from '../../../src/runtime/parent/switch/mac-address.js';
import { macBytes } from '../../../src/runtime/parent/switch/mac-address.js';

/** Ethernet, IP and TCP headers before the payload. */
const IPV4 = 20;
const IPV6 = 40;
const TCP = 20;

/** A TCP segment over IP as a stack leaves it to an adapter; without lengths in its IP header where asked. */
export function tcpFrame(options: {
  destination: MacAddress;
  source: MacAddress;
  payload: number;
  version?: 4 | 6;
  lengths?: boolean;
  flags?: number;
}): Uint8Array {
  const { version = 4, lengths = true, flags = 0x18 } = options;
  const ip = version === 4 ? IPV4 : IPV6;
  const data = new Uint8Array(14 + ip + TCP + options.payload);
  const view = new DataView(data.buffer);
  data.set(macBytes(options.destination), 0);
  data.set(macBytes(options.source), 6);
  view.setUint16(12, version === 4 ? 0x0800 : 0x86dd);
  if (version === 4) {
    data.set([0x45, 0, 0, 0, 0x12, 0x34, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], 14);
    if (lengths) writeIpv4Length(data);
  } else {
    data.set([0x60, 0, 0, 0, 0, 0, 6, 64], 14);
    data.fill(0xfd, 22, 54);
    if (lengths) view.setUint16(18, data.length - 54);
  }
  const tcp = 14 + ip;
  view.setUint32(tcp + 4, 0xffff_f000);
  data[tcp + 12] = (TCP / 4) << 4;
  data[tcp + 13] = flags;
  for (let at = tcp + TCP; at < data.length; at++) data[at] = (at * 7) & 255;
  return data;
}

/** Whether the checksums of the IP header and of TCP are right, computed word by word. */
export function verified(frame: Uint8Array): boolean {
  const view = new DataView(frame.slice().buffer);
  const isIpv4 = view.getUint16(12) === 0x0800;
  const tcp = 14 + (isIpv4 ? IPV4 : IPV6);
  const length = (isIpv4 ? view.getUint16(16) + 14 : view.getUint16(18) + 54) - tcp;
  if (tcp + length !== frame.length) return false;
  const sum = (from: number, to: number, start: number) => {
    let total = start;
    for (let at = from; at < to; at++) total += at % 2 === from % 2 ? frame[at]! * 256 : frame[at]!;
    while (total > 0xffff) total = (total % 0x10000) + Math.floor(total / 0x10000);
    return total;
  };
  const header = !isIpv4 || sum(14, tcp, 0) === 0xffff;
  const pseudo = isIpv4 ? sum(26, 34, 0) : sum(22, 54, 0);
  return header && sum(tcp, frame.length, pseudo + 6 + length) === 0xffff;
}

function writeIpv4Length(data: Uint8Array): void {
  const view = new DataView(data.buffer);
  view.setUint16(16, data.length - 14);
  let sum = 0;
  for (let at = 14; at < 34; at += 2) sum += view.getUint16(at);
  view.setUint16(24, ~((sum & 0xffff) + (sum >>> 16)) & 0xffff);
}
