import type { SwitchPlan } from '../../../model/address-plan.js';
import type { ModelledFrame, SendClient } from '../../hardware/modelled-frame.js';
import { Queue } from '../../queue.js';
import type { TimerOwner, Timers } from '../../timers.js';
import type { EthernetFrame } from '../ethernet/ethernet-frame.js';
import { arpSender } from '../network-services/arp.js';
import type { Ipv4Address } from '../network-services/ipv4.js';
import type { Delivery } from '../switch/frame.js';
import type { MacAddress } from '../switch/mac-address.js';
import type { PortCounters, Station, SwitchPort } from '../switch/switch-port.js';
import { datagrams } from './datagrams.js';
import type { ModelledSwitch } from './modelled-switch.js';

/** What waits at the bridge in either direction; more is dropped and counted. */
const MAX_WAITING_FRAMES = 1024;
const MAX_WAITING_BYTES = 8 << 20;

/** What comes over a bridge into the run: a frame, or the news that a machine child is at a port there, or no longer. */
export type Arrival =
  | { kind: 'frame'; frame: EthernetFrame; tag: number | null }
  | { kind: 'station'; station: Station; there: boolean };

export interface BridgeCounters {
  /** Of its port on the modelled switch. */
  port: PortCounters;
  /** Frames with bytes that left for the machine children. */
  leftFrames: number;
  leftBytes: number;
  /** Frames that nobody took in time, in either direction. */
  overflowed: number;
  /** Frames from machine children that no modelled child took. */
  lost: number;
}

/**
 * The bridge between a modelled switch and the one of the same name that machine children are on. What comes from there
 * enters at a moment of virtual time, so that a run is a function of its model, its seed and these arrivals. What goes there
 * gets bytes: an answer has them, work becomes UDP datagrams.
 */
export class SwitchBridge implements TimerOwner, SendClient {
  private readonly slot: number;
  private readonly port: SwitchPort<ModelledFrame>;
  private readonly arrivals = new Queue<{ atNs: number; arrival: Arrival }>();
  private readonly leaving = new Queue<Delivery<EthernetFrame>>();
  private readonly waiting = { arriving: { frames: 0, bytes: 0 }, leaving: { frames: 0, bytes: 0 } };
  /** Addresses that machine children have given themselves, as their ARP says. */
  private readonly heard = new Map<MacAddress, Ipv4Address>();
  private readonly planned: ReadonlyMap<MacAddress, Ipv4Address>;
  private readonly counted = { leftFrames: 0, leftBytes: 0, overflowed: 0, lost: 0 };

  constructor(
    private readonly timers: Timers,
    private readonly network: ModelledSwitch,
    plan: SwitchPlan | null,
    /** A modelled child is at a port of the switch, or no longer. */
    stationChanged: (station: Station, there: boolean) => void,
  ) {
    network.isBridged = true;
    this.slot = timers.add(this);
    this.planned = new Map(plan?.adapters.map(({ mac, ipv4 }) => [mac, ipv4]));
    this.port = network.network.plug({
      role: 'bridge',
      mac: null,
      vlan: { kind: 'trunk' },
      wake: () => this.fetch(),
      stationChanged,
    });
  }

  get counters(): BridgeCounters {
    return { port: this.port.counters, ...this.counted };
  }

  // --- from the machine children ----------------------------------------------------------------------------------

  /** Enters at `atNs`, or now where that is past; to be called in the order of time. */
  enter(arrival: Arrival, atNs: number): void {
    if (arrival.kind === 'frame' && !this.hasRoom('arriving', arrival.frame.bytes)) return;
    this.arrivals.push({ arrival, atNs: Math.max(atNs, this.timers.nowNs) });
    if (this.arrivals.length === 1) this.arm();
  }

  fire(_argument: number, nowNs: number): void {
    while (this.arrivals.length > 0 && this.arrivals.peek()!.atNs <= nowNs) this.arrive(this.arrivals.shift()!.arrival);
    this.arm();
  }

  private arm(): void {
    const next = this.arrivals.peek();
    if (next) this.timers.arm(this.slot, next.atNs);
  }

  private arrive(arrival: Arrival): void {
    if (arrival.kind === 'frame') {
      this.forward(arrival.frame, arrival.tag);
      return;
    }
    const { station, there } = arrival;
    if (there) this.network.network.reach(station, this.port);
    else this.network.network.lose(station, this.port);
    if (!there) this.heard.delete(station.mac);
  }

  private forward(frame: EthernetFrame, tag: number | null): void {
    this.release('arriving', frame.bytes);
    const { source, destination, bytes } = frame;
    this.port.send(
      {
        source,
        destination,
        bytes,
        content: frame,
        wireTag: tag,
        flow: null,
        sender: this,
        tag: 0,
        listener: null,
        sinceNs: this.timers.nowNs,
        repeat: () => {},
      },
      tag,
    );
    const address = this.network.network.isBehind(source, tag, this.port) ? arpSender(frame) : null;
    if (address !== null) this.heard.set(source, address);
  }

  sent(): void {}

  sendFailed(): void {
    this.counted.lost++;
  }

  // --- to the machine children ------------------------------------------------------------------------------------

  /** The frame that waits longest to leave, or null. */
  take(): Delivery<EthernetFrame> | null {
    const next = this.leaving.shift() ?? null;
    if (next) this.release('leaving', next.frame.bytes);
    return next;
  }

  private fetch(): void {
    for (let next = this.port.take(); next !== null; next = this.port.take()) {
      const { frame, tag } = next;
      for (const each of this.withBytes(frame)) this.leave(each, tag);
      frame.sender.sent(frame.tag);
    }
  }

  private withBytes({ source, destination, bytes, content }: ModelledFrame): EthernetFrame[] {
    if (content !== null) return [content];
    const [from, to] = [this.endpoint(source), this.endpoint(destination)];
    return from && to ? datagrams(bytes, from, to) : [];
  }

  private endpoint(mac: MacAddress): { mac: MacAddress; address: Ipv4Address } | null {
    const address = this.heard.get(mac) ?? this.planned.get(mac);
    return address === undefined ? null : { mac, address };
  }

  private leave(frame: EthernetFrame, tag: number | null): void {
    if (!this.hasRoom('leaving', frame.bytes)) return;
    this.leaving.push({ frame, tag });
    this.counted.leftFrames++;
    this.counted.leftBytes += frame.bytes;
  }

  private hasRoom(way: 'arriving' | 'leaving', bytes: number): boolean {
    const waiting = this.waiting[way];
    if (waiting.frames >= MAX_WAITING_FRAMES || waiting.bytes + bytes > MAX_WAITING_BYTES) {
      this.counted.overflowed++;
      return false;
    }
    waiting.frames++;
    waiting.bytes += bytes;
    return true;
  }

  private release(way: 'arriving' | 'leaving', bytes: number): void {
    const waiting = this.waiting[way];
    waiting.frames--;
    waiting.bytes -= bytes;
  }
}
