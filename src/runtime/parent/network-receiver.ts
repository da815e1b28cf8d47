import type { ModelledFrame } from '../hardware/modelled-frame.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { HostChannel } from '../vmbus/host/host-channel.js';
import type { ModelledReceiveBuffer } from '../vmbus/modelled-receive-buffer.js';
import { encodeTransfer, MAXIMUM_RANGES } from '../vmbus/network-protocol.js';
import { RingPacket } from '../vmbus/ring-packet.js';
import type { BackEnd, BackEndWork } from './back-end.js';
import type { FrameTaker, VirtualAdapter } from './network/virtual-adapter.js';

/** What handing frames to a guest costs. */
export interface ReceiverCosts {
  frame: Cost;
  /** Of 1 KB into the receive buffer. */
  copy: Cost;
  /** Null where the back end needs no signal to reach its guest. */
  signal: Cost | null;
  batch: number;
}

/** The longest packet: all ranges and the message behind them. */
const PACKET_BYTES = 8 + 8 * MAXIMUM_RANGES + 40;

/**
 * The way of frames from a virtual adapter to its guest: the back end copies them into the receive buffer and hands them
 * over by a packet, a batch at a time. Who sent a frame hears that it is sent when it was copied.
 */
export class NetworkReceiver implements BackEndWork, FrameTaker {
  readonly title: string;
  /** Packets that were written into the ring. */
  packets = 0;
  private readonly packet = new RingPacket(PACKET_BYTES);
  private readonly batch: ModelledFrame[] = [];
  private working = false;

  constructor(
    childName: string,
    private readonly adapter: VirtualAdapter,
    private readonly buffer: ModelledReceiveBuffer,
    private readonly channel: HostChannel,
    private readonly backEnd: BackEnd,
    private readonly vp: number,
    private readonly costs: ReceiverCosts,
  ) {
    this.title = `VSP network of ${childName}: receive`;
    adapter.serve(this);
  }

  giveBack(): readonly ModelledFrame[] {
    return [...this.batch.splice(0), ...this.buffer.forsake()];
  }

  /** Frames wait, or there is room for them again. */
  get isBusy(): boolean {
    return this.working || !this.channel.isReachable;
  }

  framesWait(): void {
    if (this.working || (this.batch.length === 0 && !this.adapter.hasFrames)) return;
    this.working = true;
    this.backEnd.post(this.vp, this, 0);
  }

  begin(): number {
    if (!this.channel.isReachable || this.batch.length > 0) return 0;
    const { batch, buffer, adapter, costs } = this;
    const most = Math.min(costs.batch, MAXIMUM_RANGES);
    let bytes = 0;
    while (batch.length < most && adapter.hasFrames && buffer.hasRoom(adapter.nextBytes)) {
      const frame = adapter.take()!;
      buffer.reserve(frame.bytes);
      bytes += frame.bytes;
      batch.push(frame);
    }
    if (batch.length === 0) return 0;
    const signals = costs.signal !== null && this.channel.toGuest.usedBytes() === 0;
    const signalNs = signals ? this.backEnd.inHypervisor(this.vp, costs.signal!.charge()) : 0;
    const copyNs = costs.copy.chargeNs(Math.round((bytes / 1024) * costs.copy.amount), batch.length);
    return signalNs + costs.frame.charge(batch.length) + copyNs;
  }

  end(): void {
    this.working = false;
    const { batch, channel, packet } = this;
    if (!channel.isOpen || batch.length === 0) return;
    const transaction = this.buffer.put([...batch]);
    encodeTransfer(packet, transaction, batch);
    if (channel.trySend(packet) === 'full') {
      this.buffer.takeBack(transaction);
      return;
    }
    this.packets++;
    for (const { sender, tag } of batch.splice(0)) sender.sent(tag);
    this.framesWait();
  }
}
