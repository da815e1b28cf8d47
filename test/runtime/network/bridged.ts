import { adapterAddress } from '../../../src/model/adapter-addresses.js';
import { addressPlan } from '../../../src/model/address-plan.js';
import type { Child, HostModel, VirtualSwitch } from '../../../src/model/host-model.js';
import { createEngine, type Engine } from '../../../src/runtime/engine.js';
import { type EthernetFrame, ethernetFrame } from '../../../src/runtime/parent/ethernet/ethernet-frame.js';
import { checksumOf, sumWords } from '../../../src/runtime/parent/ethernet/internet-checksum.js';
import { setWord } from '../../../src/runtime/parent/ethernet/ip-headers.js';
import type { Arrival, SwitchBridge } from '../../../src/runtime/parent/network/switch-bridge.js';
import { encodeIpv4, encodeUdp, setIpv4 } from '../../../src/runtime/parent/network-services/ipv4.js';
import { BROADCAST, macBytes } from '../../../src/runtime/parent/switch/mac-address.js';
import type { Station } from '../../../src/runtime/parent/switch/switch-port.js';
import { child, host, INSTANT, nic, options, withCosts } from '../hosts.js';

const STAGE: VirtualSwitch = { name: 'Stage', kind: 'internal' };
export const on = (name: string, vlan: number | null = null): Child['nics'][number] => ({
  ...nic(),
  switch: name,
  vlan,
});
/** A child that executes a kernel, and so is not in the run. */
export const machine = (name: string, ...nics: Child['nics']): Child =>
  child(name, { kind: 'machine', boots: { kernel: 'vmlinuz' }, nics });

/** Frames between the children of a host, with their addresses. */
export class Packets {
  constructor(
    readonly model: HostModel,
    private readonly network = 'Stage',
  ) {}

  mac(name: string, adapter = 0): number {
    return adapterAddress(this.model, name, adapter);
  }

  address(name: string): number {
    return addressPlan(this.model, this.network)!.adapters.find(({ child }) => child === name)!.ipv4;
  }

  ping(from: string, to: string, bytes = 56): EthernetFrame {
    const payload = new Uint8Array(8 + bytes);
    payload[0] = 8;
    setWord(payload, 2, checksumOf(sumWords(payload, 0, payload.length)));
    const packet = { source: this.address(from), destination: this.address(to), protocol: 1, payload };
    return encodeIpv4(packet, this.mac(from), this.mac(to));
  }

  datagram(from: string, to: string, bytes: number): EthernetFrame {
    const [source, destination] = [this.address(from), this.address(to)];
    const message = { sourcePort: 1, destinationPort: 9, payload: new Uint8Array(bytes) };
    const payload = encodeUdp(message, source, destination);
    return encodeIpv4({ source, destination, protocol: 17, payload }, this.mac(from), this.mac(to));
  }

  arp(from: string, to: string, senderAddress = this.address(from)): EthernetFrame {
    const data = new Uint8Array(42);
    data.set([...macBytes(BROADCAST), ...macBytes(this.mac(from)), 8, 6, 0, 1, 8, 0, 6, 4, 0, 1]);
    data.set(macBytes(this.mac(from)), 22);
    setIpv4(data, 28, senderAddress);
    setIpv4(data, 38, this.address(to));
    return ethernetFrame(data);
  }
}

/** A run whose machine children are this test. */
export class BridgedRun extends Packets {
  readonly engine: Engine;
  readonly bridge: SwitchBridge;
  /** Modelled children that came to a port, or went. */
  readonly stations: { station: Station; there: boolean }[] = [];
  nowNs = 0;
  /** What came in, as a recording. */
  readonly arrivals: { arrival: Arrival; atNs: number }[] = [];

  constructor(model: HostModel, name = 'Stage', seed = 1, horizonNs = 3600e9) {
    super(model, name);
    const scenario = model.scenarios[0]?.name ?? null;
    const engine = createEngine(model, options({ horizonNs, seed, scenario, bridges: [name] }), (_, station, there) =>
      this.stations.push({ station, there }),
    );
    if ('code' in engine) throw new Error(engine.message);
    this.engine = engine;
    this.bridge = engine.bridges.get(name)!;
  }

  /** Until all of its children have started, with a machine child at its port; what a scenario of the host does later comes later. */
  static started(children: Child[], more: Partial<HostModel> = {}): BridgedRun {
    const run = new BridgedRun(withCosts(host({ switches: [STAGE], children, ...more }), INSTANT));
    for (const { name, kind, nics } of children) {
      if (kind === 'machine') run.station(name, nics[0]!.vlan);
    }
    const modelled = children.filter(({ kind }) => kind !== 'machine').length;
    while (run.stations.length < modelled && run.nowNs < 1200e9) run.advance(5e9);
    run.advance(10e9);
    return run;
  }

  advance(ns: number): void {
    this.until(this.nowNs + ns);
  }

  until(untilNs: number): void {
    this.engine.advance(Number.POSITIVE_INFINITY, untilNs);
    this.nowNs = untilNs;
  }

  enter(arrival: Arrival, atNs = this.nowNs): void {
    this.arrivals.push({ arrival, atNs });
    this.bridge.enter(arrival, atNs);
  }

  station(name: string, vlan: number | null = null, there = true): void {
    this.enter({ kind: 'station', station: { mac: this.mac(name), vlan }, there });
  }

  send(frame: EthernetFrame, tag: number | null = null): void {
    this.enter({ kind: 'frame', frame, tag });
  }

  taken(): { frame: EthernetFrame; tag: number | null }[] {
    const taken = [];
    for (let next = this.bridge.take(); next !== null; next = this.bridge.take()) taken.push(next);
    return taken;
  }
}
