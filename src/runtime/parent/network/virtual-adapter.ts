import { adapterAddress } from '../../../model/adapter-addresses.js';
import type { Child, HostModel, VirtualNic } from '../../../model/host-model.js';
import { pathBetween } from '../../../model/network-path.js';
import type { NetworkStack } from '../../child/network-stack.js';
import type { Flow } from '../../hardware/fair-queue.js';
import type { FrameListener, ModelledFrame, SendClient } from '../../hardware/modelled-frame.js';
import type { HostParts } from '../../host-parts.js';
import type { EthernetFrame } from '../ethernet/ethernet-frame.js';
import type { MacAddress } from '../switch/mac-address.js';
import { portVlanOf } from '../switch/port-vlan.js';
import type { SwitchPort } from '../switch/switch-port.js';
import { BandwidthLimit } from './bandwidth-limit.js';
import type { ModelledSwitch } from './modelled-switch.js';
import { ReceiverSet } from './receiver-set.js';

/** Who serves an adapter while its child runs. */
export interface FrameTaker {
  /** Frames wait at the adapter. */
  framesWait(): void;
  /** It takes frames already and hears of more by itself, or cannot take any. */
  readonly isBusy?: boolean;
  /** The child is gone: the frames it has taken and not handed over. */
  giveBack(): readonly ModelledFrame[];
}

export interface AdapterTraffic {
  sent: number;
  sentBytes: number;
  received: number;
  receivedBytes: number;
}

/** A network adapter of a child, over all its starts: where it is plugged in, and to whom it sends. */
export class VirtualAdapter {
  /** The back end's, one for each channel, or none: what comes waits, as far as a port keeps it. */
  private readonly receivers = new ReceiverSet();
  readonly nic: VirtualNic;
  private readonly childName: string;
  readonly mac: MacAddress;
  private readonly network: ModelledSwitch | null;
  /** Null: nobody hears it. */
  private readonly destination: MacAddress | null;
  /** Null where nothing bounds what it sends. */
  private readonly limit: BandwidthLimit | null;
  private readonly flow: Flow | null;
  private port: SwitchPort<ModelledFrame> | null = null;
  /** What it sent and received before the child started last. */
  private before: AdapterTraffic = { sent: 0, sentBytes: 0, received: 0, receivedBytes: 0 };
  /** The stack of its guest, where machine children are on the switch. */
  private stack: NetworkStack | null = null;
  /** The guest's driver of a virtual function that is assigned to this adapter. */
  private assigned: FrameTaker | null = null;

  constructor(
    private readonly parts: HostParts,
    child: Child,
    index: number,
    /** The host that defines the child: addresses, and whom it sends to, are those of the definition. */
    model: HostModel,
  ) {
    this.childName = child.name;
    const { switches } = parts;
    this.nic = child.nics[index]!;
    this.mac = adapterAddress(model, child.name, index);
    this.network = switches.get(this.nic.switch) ?? null;
    this.flow = this.network?.flowFor(this.nic) ?? null;
    const limit = this.nic.bandwidth?.limitBitsPerSecond;
    const burstBytes = parts.costs.get('bandwidth-burst').amount;
    this.limit =
      limit === undefined
        ? null
        : new BandwidthLimit(parts.timers, limit, burstBytes, (frame) => this.port?.send(frame));
    if (this.nic.sriov) this.network?.nic?.watchers.push(() => this.linkChanged());
    const peer = model.children.find(({ name }) => name === child.sendsTo);
    const path = peer ? pathBetween(child, peer) : null;
    this.destination = peer && path?.from === index ? adapterAddress(model, peer.name, path.to) : this.gateway;
  }

  /** The child starts. */
  plugIn(): void {
    const { mac, network, nic } = this;
    this.port =
      network?.network.plug({
        role: 'child',
        mac,
        vlan: portVlanOf(nic),
        wake: () => this.taker?.framesWait(),
      }) ?? null;
    network?.announce(mac, true);
  }

  /** The child is gone. */
  unplug(): void {
    const lost = this.receivers.clear();
    if (this.assigned) this.network?.nic?.releaseFunction();
    this.assigned = null;
    this.limit?.clear();
    this.before = this.traffic();
    this.port?.unplug();
    this.port = null;
    this.network?.announce(this.mac, false);
    for (const frame of lost) this.network?.lost(frame);
  }

  /** Frames go to this one, too, from now on. */
  serve(receiver: FrameTaker): void {
    this.receivers.add(receiver);
  }

  /** Whether machine children are on its switch. */
  get isBridged(): boolean {
    return this.network?.isBridged === true;
  }

  /** What comes from machine children goes to this stack, and what it answers lies there. */
  use(stack: NetworkStack): void {
    this.stack = stack;
  }

  /** Sends what lies in the section, or bytes of work to its destination; where nobody hears it, that is done at once. */
  send(bytes: number, section: number, client: SendClient, tag: number): void {
    this.sendPast(this.limit, bytes, section, client, tag);
  }

  /** Sends past the parent, and so past what it bounds. */
  sendDirectly(bytes: number, section: number, client: SendClient, tag: number): void {
    this.sendPast(null, bytes, section, client, tag);
  }

  /** What is repeated takes the same way, unless its guest is gone by then. */
  private sendPast(
    limit: BandwidthLimit | null,
    bytes: number,
    section: number,
    client: SendClient,
    tag: number,
  ): void {
    const { port } = this;
    const send = (frame: ModelledFrame) => {
      if (limit && port === this.port) limit.send(frame);
      else port?.send(frame);
    };
    const frame = port && this.frame(bytes, section, client, tag, send);
    if (frame) send(frame);
    else client.sent(tag);
  }

  private frame(
    bytes: number,
    section: number,
    sender: SendClient,
    tag: number,
    repeat: (again: ModelledFrame) => void,
  ): ModelledFrame | null {
    const content: EthernetFrame | null = this.stack?.contentOf(section) ?? null;
    const destination = content?.destination ?? this.destination;
    if (destination === null) return null;
    return {
      source: this.mac,
      destination,
      bytes: content?.bytes ?? bytes,
      content,
      wireTag: this.nic.vlan,
      flow: this.flow,
      sender,
      tag,
      listener: null,
      sinceNs: this.parts.timers.nowNs,
      repeat,
    };
  }

  /** Whether somebody who is no child can send to it. */
  get isOpen(): boolean {
    return this.gateway !== null;
  }

  /** The gateway of its switch sends to it. */
  admit(bytes: number, client: SendClient, listener: FrameListener, tag: number): void {
    const { network } = this;
    network?.admit({
      source: this.gateway!,
      destination: this.mac,
      bytes,
      content: null,
      wireTag: this.nic.vlan,
      flow: null,
      sender: client,
      tag,
      listener,
      sinceNs: this.parts.timers.nowNs,
      repeat: (frame) => network.admit(frame),
    });
  }

  /** What it has sent and received since the host was switched on. */
  traffic(): AdapterTraffic {
    const { before, port } = this;
    if (port === null) return before;
    const { sentFrames, sentBytes, receivedFrames, receivedBytes } = port.counters;
    return {
      sent: before.sent + sentFrames,
      sentBytes: before.sentBytes + sentBytes,
      received: before.received + receivedFrames,
      receivedBytes: before.receivedBytes + receivedBytes,
    };
  }

  get isPlugged(): boolean {
    return this.port !== null;
  }

  get hasFrames(): boolean {
    return this.waitingFrames > 0;
  }

  get waitingFrames(): number {
    return this.port?.waitingFrames ?? 0;
  }

  /** Its guest can drive a virtual function; the adapter gets one, if there is one left. */
  offerFunction(driver: FrameTaker): void {
    const physical = this.network?.nic;
    if (this.assigned !== null) return;
    if (!physical?.assignFunction()) {
      this.report('no virtual function left', 'its frames go through the parent');
      return;
    }
    this.assigned = driver;
    this.report('virtual function assigned', `of ${physical.nic.name}`);
  }

  /** Whether its frames go through its virtual function: while there is a link. */
  get isDirect(): boolean {
    return this.assigned !== null && this.network?.nic?.hasLink === true;
  }

  private get taker(): FrameTaker | null {
    return this.isDirect ? this.assigned : this.receivers;
  }

  private linkChanged(): void {
    if (this.assigned === null) return;
    const path = this.isDirect ? 'the virtual function' : 'VMBus and the parent';
    this.report('data path switched', `its frames go through ${path}`);
    if (this.hasFrames) this.taker?.framesWait();
  }

  private report(title: string, detail: string): void {
    this.parts.log.record('vmbus', this.childName, title, { detail });
  }

  /** Size of the frame that waits longest for it; 0 when none does. */
  get nextBytes(): number {
    return this.port?.nextBytes ?? 0;
  }

  /** The frame that waits longest for it, or null. */
  take(): ModelledFrame | null {
    const delivery = this.port?.take() ?? null;
    const { stack } = this;
    // A modelled guest has no interface in the other VLANs of a trunk.
    if (!delivery?.frame.content || !stack || delivery.tag !== null) return delivery?.frame ?? null;
    const { frame } = delivery;
    const { content } = delivery.frame;
    return { ...frame, listener: { received: () => stack.heard(content, this.mac) } };
  }

  private get gateway(): MacAddress | null {
    return this.network?.gatewayOf(this.nic.vlan) ?? null;
  }
}
