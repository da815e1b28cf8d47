import type { VirtualNic } from '../../../model/host-model.js';
import type { Flow } from '../../hardware/fair-queue.js';
import type { ModelledFrame } from '../../hardware/modelled-frame.js';
import type { NetworkAdapter } from '../../hardware/network-adapter.js';
import { LearningSwitch, type SwitchKind } from '../switch/learning-switch.js';
import type { MacAddress } from '../switch/mac-address.js';
import type { SwitchPort } from '../switch/switch-port.js';
import type { ParentAdapter } from './parent-adapter.js';
import type { PhysicalNetwork } from './physical-network.js';
import type { Resender } from './resender.js';

/** Everybody outside the host, as one station; the second bit of its first byte says that nobody owns the address. */
const OUTSIDE: MacAddress = 0x0200_0000_0001;

/** A virtual switch of the model: the switch itself, the physical NIC or the parent behind it, and what repeats dropped frames. */
export class ModelledSwitch {
  readonly network: LearningSwitch<ModelledFrame>;
  /** Machine children are on it, too; known before anything is switched on. */
  isBridged = false;
  private readonly uplink: SwitchPort<ModelledFrame> | null;
  private readonly parent: ParentAdapter | null;
  private flows = 0;

  constructor(
    readonly name: string,
    kind: SwitchKind,
    readonly nic: NetworkAdapter | null,
    parent: ((network: LearningSwitch<ModelledFrame>) => ParentAdapter) | null,
    private readonly resender: Resender,
    /** Null where the adapters share the wire in the order in which they send. */
    private readonly weightOf: ((nic: VirtualNic) => number) | null,
    private readonly outside: PhysicalNetwork,
  ) {
    this.network = new LearningSwitch(kind, (frame) => this.lost(frame));
    this.uplink = nic && this.plugUplink(nic);
    this.parent = parent?.(this.network) ?? null;
  }

  /** Who answers in a VLAN for everybody who is no child; null: there is nobody. The parent is on the untagged one only. */
  gatewayOf(vlan: number | null): MacAddress | null {
    if (this.uplink) return OUTSIDE;
    return vlan === null ? (this.parent?.mac ?? null) : null;
  }

  /** The share of the wire that an adapter of a child has; null where none asks for a minimum. */
  flowFor(nic: VirtualNic): Flow | null {
    return this.weightOf && { index: ++this.flows, weight: this.weightOf(nic), finish: 0 };
  }

  /** A frame from the gateway sets out. */
  admit(frame: ModelledFrame): void {
    if (this.nic) this.nic.receive.send(frame);
    else this.parent?.send(frame);
  }

  /** An adapter on it is there, or no longer: hosts on the same network hear of it. */
  announce(mac: MacAddress, there: boolean): void {
    if (this.nic === null) return;
    if (there) this.outside.appear(mac, this);
    else this.outside.disappear(mac, this);
  }

  /** Nobody took a frame. */
  lost(frame: ModelledFrame): void {
    if (frame.content !== null) frame.sender.sendFailed(frame.tag);
    else this.resender.dropped(frame);
  }

  /** The parent is gone. */
  reset(): void {
    this.parent?.reset();
  }

  private plugUplink(nic: NetworkAdapter): SwitchPort<ModelledFrame> {
    const port: SwitchPort<ModelledFrame> = this.network.plug({
      role: 'uplink',
      mac: null,
      vlan: { kind: 'trunk' },
      wake: () => {
        for (let next = port.take(); next !== null; next = port.take()) {
          // A machine child has no real wire.
          if (next.frame.content === null) nic.transmit.send(next.frame);
        }
      },
    });
    nic.transmit.arrived = (frame) => {
      if (frame.destination === OUTSIDE) frame.sender.sent(frame.tag);
      else this.handOver(frame);
    };
    nic.receive.arrived = (frame) => port.send(frame, frame.wireTag);
    return port;
  }

  /** What is for a child and left the host finds it on another host of the run, or nobody: that child is not there. */
  private handOver(frame: ModelledFrame): void {
    const place = this.outside.placeOf(frame.destination);
    if (place === undefined || place === this) this.lost(frame);
    else place.admit(frame);
  }
}
