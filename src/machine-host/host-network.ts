import { adapterAddress, PARENT_ADAPTERS } from '../model/adapter-addresses.js';
import { addressPlan } from '../model/address-plan.js';
import type { Child, HostModel } from '../model/host-model.js';
import type { CableMessage } from '../protocol/machine.js';
import type { BridgeMessage } from '../protocol/neighbours.js';
import type { EthernetFrame } from '../runtime/parent/ethernet/ethernet-frame.js';
import { TokenBucket } from '../runtime/parent/network/token-bucket.js';
import { LearningSwitch } from '../runtime/parent/switch/learning-switch.js';
import type { MacAddress } from '../runtime/parent/switch/mac-address.js';
import { portVlanOf } from '../runtime/parent/switch/port-vlan.js';
import type { SwitchLedger } from '../runtime/parent/switch/switch-ledger.js';
import type { PortCounters, Station, SwitchPort } from '../runtime/parent/switch/switch-port.js';
import { CostLedger } from '../runtime/trace/cost-ledger.js';
import { type AdapterPort, LimitedPort, SWITCH_CLOCK, type SwitchClock } from './adapter-port.js';
import { plugBridge } from './bridge-end.js';
import { CableEnd, pour } from './cable.js';
import { plugParent } from './parent-network.js';

/** The virtual switches of a host, for the machine children that are booted together. */
export class HostNetwork {
  private readonly switches = new Map<string, LearningSwitch<EthernetFrame>>();
  private readonly uplinks = new Map<string, SwitchPort<EthernetFrame>>();
  /** Addresses of modelled children that are at a port in the parent's VLAN. */
  private readonly modelled = new Set<MacAddress>();

  constructor(
    private readonly host: HostModel,
    private readonly clock: SwitchClock = SWITCH_CLOCK,
  ) {
    let internal = 0;
    for (const { name, kind } of host.switches) {
      const network = new LearningSwitch<EthernetFrame>(kind);
      this.switches.set(name, network);
      const plan = kind === 'internal' && internal < PARENT_ADAPTERS ? addressPlan(host, name) : null;
      if (plan) plugParent(host, plan, internal++, network, (mac) => this.modelled.has(mac));
      if (kind === 'external') this.uplinks.set(name, plugUplink(network));
    }
  }

  /** What came into a switch of that name, and what became of it. Throws RangeError where there is none. */
  counters(name: string): SwitchLedger {
    const network = this.switches.get(name);
    if (network === undefined) throw new RangeError(`there is no switch ${name}`);
    return network.ledger;
  }

  /** Frames that went out of an external switch, where there is no wire. */
  lostFrames(): number {
    return [...this.uplinks.values()].reduce((sum, { counters }) => sum + counters.receivedFrames, 0);
  }

  /** The addresses of a child's adapters that a machine child has: the synthetic ones, in their order. */
  adapters(child: Child): MacAddress[] {
    return synthetic(child).map((index) => adapterAddress(this.host, child.name, index));
  }

  /** What of its definition's network a child does not get, in sentences. */
  notFollowed(child: Child): string[] {
    const external = new Set(child.nics.map((nic) => nic.switch).filter((name) => this.uplinks.has(name)));
    return [...external].map(
      (name) =>
        `its adapter on ${name} reaches the children there and nothing beyond: an external switch has no wire here`,
    );
  }

  /** Plugs one of them in; `wake` is told when frames wait for it, or it may send again. */
  plug(child: Child, adapter: number, wake: () => void): AdapterPort {
    const index = synthetic(child)[adapter]!;
    const nic = child.nics[index]!;
    const port = this.switches.get(nic.switch)!.plug({
      role: 'child',
      mac: adapterAddress(this.host, child.name, index),
      vlan: portVlanOf(nic),
      wake,
    });
    const limit = nic.bandwidth?.limitBitsPerSecond;
    if (limit === undefined) return port;
    const burstBytes = new CostLedger(this.host).get('bandwidth-burst').amount;
    return new LimitedPort(port, new TokenBucket(limit, burstBytes), this.clock, wake);
  }

  /** Joins switches with those of the same names on the thread of modelled children; `post` sends to that thread. */
  bridge(switches: readonly string[], post: (message: BridgeMessage) => void): ThreadBridges {
    const changed = ({ mac, vlan }: Station, there: boolean) => {
      if (vlan !== null) return;
      if (there) this.modelled.add(mac);
      else this.modelled.delete(mac);
    };
    const ends = switches.map((name, place) => plugBridge(this.switches.get(name)!, place, post, changed));
    return {
      hear: (message) => ends[message.adapter]?.hear(message),
      disconnect: () => {
        for (const end of ends) end.disconnect();
        this.modelled.clear();
      },
    };
  }

  /** Plugs all of them in for a child on another thread; `post` sends to that thread. */
  connect(child: Child, post: (message: CableMessage) => void): ThreadNetwork {
    const cables = this.adapters(child).map((_, adapter) => {
      const bothWays = () => {
        pour(end, port);
        pour(port, end);
      };
      const port = this.plug(child, adapter, bothWays);
      const end: CableEnd = new CableEnd(adapter, post, bothWays);
      return { port, end };
    });
    return {
      hear: (message) => cables[message.adapter]?.end.hear(message),
      counters: () => cables.map(({ port }) => port.counters),
      disconnect: () => {
        for (const { port } of cables) port.unplug();
      },
    };
  }
}

/** The ends, here, of the bridges to the switches of modelled children. */
export interface ThreadBridges {
  hear(message: BridgeMessage): void;
  disconnect(): void;
}

/** The switch's ends of the cables to a child on another thread. */
export interface ThreadNetwork {
  hear(message: CableMessage): void;
  counters(): PortCounters[];
  disconnect(): void;
}

/** What leaves an external switch ends here and is counted by the port: a machine child has no real network adapter. */
function plugUplink(network: LearningSwitch<EthernetFrame>): SwitchPort<EthernetFrame> {
  const port: SwitchPort<EthernetFrame> = network.plug({
    role: 'uplink',
    mac: null,
    vlan: { kind: 'trunk' },
    wake: () => {
      while (port.take() !== null);
    },
  });
  return port;
}

function synthetic({ nics }: Child): number[] {
  return [...nics.keys()].filter((index) => nics[index]!.kind === 'synthetic');
}
