import { AddressTable } from './address-table.js';
import type { Frame } from './frame.js';
import { isGroup, type MacAddress } from './mac-address.js';
import { carries, isVlan, tagOutside, UNTAGGED, vlanInside, vlansOf } from './port-vlan.js';
import { count, noFrames, type SwitchLedger } from './switch-ledger.js';
import { type PortOptions, type Station, SwitchPort } from './switch-port.js';

export type SwitchKind = 'external' | 'internal' | 'private';

/**
 * A virtual switch: hands each frame to the port behind which its destination lives, and group frames to all of the VLAN.
 * A port with one address is known from the start and cannot send under another; only what lies behind a port with many is
 * learned, and only there does a frame go whose destination nobody knows. Owns no time and copies no frame.
 */
export class LearningSwitch<F extends Frame> {
  /** Every frame that came in, and what became of it. */
  readonly ledger: SwitchLedger = { sent: noFrames(), copied: noFrames(), delivered: noFrames(), dropped: noFrames() };
  private readonly ports = new Set<SwitchPort<F>>();
  /** Those with many addresses behind them. */
  private readonly openPorts = new Set<SwitchPort<F>>();
  private readonly bridges = new Set<SwitchPort<F>>();
  private readonly addresses = new AddressTable<SwitchPort<F>>();

  constructor(
    readonly kind: SwitchKind,
    /** A copy of a frame that nobody will take: there is no such address, or its port is full or was unplugged. */
    private readonly dropped: (frame: F) => void = () => {},
  ) {}

  /** What lies at the ports and was not taken yet. */
  waiting(): { frames: number; bytes: number } {
    const waiting = noFrames();
    for (const port of this.ports) {
      waiting.frames += port.waitingFrames;
      waiting.bytes += port.waitingBytes;
    }
    return waiting;
  }

  /** Plugs somebody in. Throws RangeError where the switch has no such port, or the address is taken in that VLAN. */
  plug(options: PortOptions): SwitchPort<F> {
    this.checkOptions(options);
    const { mac, vlan } = options;
    const port: SwitchPort<F> = new SwitchPort<F>(
      options,
      (frame, tag) => this.receive(port, frame, tag),
      () => this.remove(port),
      this.ledger,
      this.dropped,
    );
    this.ports.add(port);
    if (options.role === 'bridge') this.bridge(port);
    else if (mac === null) this.openPorts.add(port);
    if (mac !== null) for (const each of vlansOf(vlan)) this.addresses.own(each, mac, port);
    this.tellBridges(port, true);
    return port;
  }

  /** A station is behind a bridge from now on; false: its address is taken in that VLAN. */
  reach({ mac, vlan }: Station, bridge: SwitchPort<F>): boolean {
    const inside = vlan ?? UNTAGGED;
    if (!this.bridges.has(bridge) || isGroup(mac) || (inside !== UNTAGGED && !isVlan(inside))) return false;
    if (this.addresses.isOwned(inside, mac)) return this.addresses.home(inside, mac) === bridge;
    this.addresses.own(inside, mac, bridge);
    return true;
  }

  /** Whether a station with that address is behind a bridge, in the VLAN of that tag. */
  isBehind(mac: MacAddress, tag: number | null, bridge: SwitchPort<F>): boolean {
    return this.addresses.home(tag ?? UNTAGGED, mac) === bridge;
  }

  /** It is there no longer. */
  lose({ mac, vlan }: Station, bridge: SwitchPort<F>): void {
    this.addresses.disown(vlan ?? UNTAGGED, mac, bridge);
  }

  private bridge(bridge: SwitchPort<F>): void {
    this.bridges.add(bridge);
    for (const port of this.ports) {
      for (const station of stationsAt(port.options)) bridge.options.stationChanged?.(station, true);
    }
  }

  private tellBridges({ options }: SwitchPort<F>, there: boolean): void {
    if (this.bridges.size === 0) return;
    for (const station of stationsAt(options))
      for (const bridge of this.bridges) bridge.options.stationChanged?.(station, there);
  }

  private checkOptions({ role, mac, vlan }: PortOptions): void {
    if (role === 'uplink' && this.kind !== 'external') throw new RangeError(`an ${this.kind} switch has no uplink`);
    if (role === 'parent' && this.kind === 'private') throw new RangeError('the parent is on no private switch');
    if (vlan.kind === 'trunk' && vlan.allowed === undefined) {
      if (mac !== null) throw new RangeError('a port with one address says the VLANs of its trunk');
      return;
    }
    const wrong = vlansOf(vlan).find((each) => each !== UNTAGGED && !isVlan(each));
    if (wrong !== undefined) throw new RangeError(`${wrong} is no VLAN`);
    if (mac === null) return;
    if (isGroup(mac)) throw new RangeError('a group address belongs to no port');
    if (vlansOf(vlan).some((each) => this.addresses.isOwned(each, mac))) {
      throw new RangeError('two ports of a VLAN have the same address');
    }
  }

  private receive(from: SwitchPort<F>, frame: F, tag: number | null): void {
    if (!this.ports.has(from)) return;
    const { mac } = from.options;
    const vlan = vlanInside(from.options.vlan, tag);
    if (vlan === null) {
      from.counters.wrongVlan++;
      return;
    }
    if (isGroup(frame.source) || (mac !== null && frame.source !== mac) || this.isStranger(from, frame, vlan)) {
      from.counters.spoofed++;
      return;
    }
    from.counters.sentFrames++;
    from.counters.sentBytes += frame.bytes;
    count(this.ledger.sent, frame.bytes);
    if (this.openPorts.has(from)) this.addresses.learn(vlan, frame.source, from);
    this.forward(from, frame, vlan);
  }

  /** From a bridge, and none of those behind it. */
  private isStranger(from: SwitchPort<F>, { source }: F, vlan: number): boolean {
    return this.bridges.has(from) && !this.isBehind(source, vlan, from);
  }

  private forward(from: SwitchPort<F>, frame: F, vlan: number): void {
    const group = isGroup(frame.destination);
    const home = group ? undefined : this.addresses.home(vlan, frame.destination);
    if (home !== undefined && home !== from) {
      deliver(home, frame, vlan);
      return;
    }
    let copies = 0;
    if (home === undefined) {
      for (const port of group ? this.ports : this.openPorts) {
        if (port === from || !carries(port.options.vlan, vlan)) continue;
        if (copies++ > 0) count(this.ledger.copied, frame.bytes);
        deliver(port, frame, vlan);
      }
    }
    if (copies > 0) return;
    count(this.ledger.dropped, frame.bytes);
    this.dropped(frame);
  }

  private remove(port: SwitchPort<F>): void {
    if (!this.ports.delete(port)) return;
    this.openPorts.delete(port);
    this.bridges.delete(port);
    this.addresses.forget(port);
    this.tellBridges(port, false);
  }
}

/** The child at a port, in each of its VLANs. */
function stationsAt({ role, mac, vlan }: PortOptions): Station[] {
  if (role !== 'child' || mac === null) return [];
  return vlansOf(vlan).map((each) => ({ mac, vlan: each === UNTAGGED ? null : each }));
}

function deliver<F extends Frame>(port: SwitchPort<F>, frame: F, vlan: number): void {
  port.deliver(frame, tagOutside(port.options.vlan, vlan));
}
