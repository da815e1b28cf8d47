import type { EthernetFrame } from '../parent/ethernet/ethernet-frame.js';
import { word } from '../parent/ethernet/ip-headers.js';
import { answerAsHost } from '../parent/network-services/ip-host.js';
import { decodeIpv4, decodeUdp, ETHERTYPE_IPV4, type Ipv4Address, UDP } from '../parent/network-services/ipv4.js';
import type { MacAddress } from '../parent/switch/mac-address.js';
import { type GuestDevice, STACK_REQUEST, type Transfer } from './guest-device.js';

/** Answers that are on their way at once; to what asks for more, nothing is answered. */
const SECTIONS = 256;

/** What the stack needs of its guest for one adapter. */
export interface StackAdapter {
  /** Null: it has no address, and answers nothing. */
  address: Ipv4Address | null;
  /** The driver that sends now, or null. */
  driver(): GuestDevice | null;
  /** Gives the driver the transfer when a VP has got to it; `done` when the driver has answered. */
  defer(driver: GuestDevice, transfer: Transfer, done: () => void): void;
  /** So many bytes of datagrams are for its work. */
  received(bytes: number): void;
}

/**
 * The network stack of a modelled guest, for what has bytes: it answers ARP and ping as any system does, through its
 * driver; datagrams go to its work, whatever their port, and the rest to nobody. What it sends lies in sections of a send buffer until the driver has answered.
 */
export class NetworkStack {
  private readonly sections = new Map<number, EthernetFrame>();
  private readonly free = Array.from({ length: SECTIONS }, (_, index) => SECTIONS - 1 - index);
  private readonly adapters = new Map<MacAddress, StackAdapter>();

  add(mac: MacAddress, adapter: StackAdapter): void {
    this.adapters.set(mac, adapter);
  }

  /** The guest has taken a frame from the driver of the adapter with that address. */
  heard(frame: EthernetFrame, mac: MacAddress): void {
    const adapter = this.adapters.get(mac);
    if (!adapter || adapter.address === null) return;
    const answer = answerAsHost(frame, mac, adapter.address);
    if (answer === null) adapter.received(datagramBytes(frame, adapter.address));
    else this.send(answer, adapter);
  }

  private send(answer: EthernetFrame, adapter: StackAdapter): void {
    const driver = adapter.driver();
    const section = driver ? this.free.pop() : undefined;
    if (!driver || section === undefined) return;
    this.sections.set(section, answer);
    const transfer = { request: STACK_REQUEST + section, bytes: answer.bytes, write: false, section };
    adapter.defer(driver, transfer, () => {
      this.sections.delete(section);
      this.free.push(section);
    });
  }

  /** The frame in a section, or null. */
  contentOf(section: number): EthernetFrame | null {
    return this.sections.get(section) ?? null;
  }
}

/** What a UDP datagram to that address carries; 0 where the frame is none. */
function datagramBytes(frame: EthernetFrame, address: Ipv4Address): number {
  const packet = word(frame.data, 12) === ETHERTYPE_IPV4 ? decodeIpv4(frame) : null;
  if (packet === null || packet.destination !== address || packet.protocol !== UDP) return 0;
  return decodeUdp(packet, frame.offload !== null)?.payload.length ?? 0;
}
