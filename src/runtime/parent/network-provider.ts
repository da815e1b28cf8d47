import type { SendClient } from '../hardware/modelled-frame.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { ModelledReceiveBuffer } from '../vmbus/modelled-receive-buffer.js';
import { decodeSend, decodeSubChannelRequest, encodeSubChannelAnswer, sectionOf } from '../vmbus/network-protocol.js';
import { PacketType, type RingPacket } from '../vmbus/ring-packet.js';
import type { VirtualAdapter } from './network/virtual-adapter.js';
import { NetworkReceiver, type ReceiverCosts } from './network-receiver.js';
import { type Accepted, ServiceProvider } from './service-provider.js';

/** Longest message one packet may announce. */
const MAXIMUM_SEND_BYTES = 1_048_576;

/** The network VSP of one adapter: what the child sends goes into the virtual switch, and what comes from there to the child. */
export class NetworkProvider extends ServiceProvider implements SendClient {
  /** Packets by which the guest gave room of the receive buffer back. */
  returned = 0;
  private readonly receiver: NetworkReceiver;
  private readonly sizes: number[] = [];
  private readonly sections: number[] = [];
  private readonly good: boolean[] = [];
  /** Further channels that an answer tells of; -1: it is the answer to something else. */
  private readonly granted: number[] = [];

  constructor(
    private readonly adapter: VirtualAdapter,
    private readonly buffer: ModelledReceiveBuffer,
    /** Further channels that the guest may ask for. */
    private readonly subChannels: number,
    childName: string,
    receive: ReceiverCosts,
    /** Taking one such packet. */
    private readonly takesBack: Cost,
    ...base: ConstructorParameters<typeof ServiceProvider>
  ) {
    super(...base);
    this.receiver = new NetworkReceiver(childName, adapter, buffer, this.channel, this.backEnd, this.vp, receive);
    this.receiver.framesWait();
  }

  /** Packets by which frames were handed over. */
  get handedOver(): number {
    return this.receiver.packets;
  }

  override signalled(): void {
    super.signalled();
    this.receiver.framesWait();
  }

  sent(ticket: number): void {
    this.complete(ticket);
  }

  sendFailed(ticket: number): void {
    this.good[ticket] = false;
    this.complete(ticket);
  }

  protected accept(packet: RingPacket, ticket: number): Accepted {
    if (packet.type === PacketType.Completion && this.buffer.release(packet.transaction)) {
      this.returned++;
      this.batchNs += this.takesBack.charge();
      this.receiver.framesWait();
      return 'note';
    }
    const asked = decodeSubChannelRequest(packet);
    this.granted[ticket] = asked < 0 ? -1 : Math.min(asked, this.subChannels);
    if (asked >= 0) {
      this.channel.offerSubChannels(this.granted[ticket]!);
      return 'answer';
    }
    const bytes =
      packet.type === PacketType.InBand ? decodeSend(packet.body, packet.bodyBytes, MAXIMUM_SEND_BYTES) : -1;
    this.good[ticket] = bytes >= 0;
    if (bytes < 0) return 'answer';
    this.sizes[ticket] = bytes;
    this.sections[ticket] = sectionOf(packet.body);
    this.batchBytes += bytes;
    return 'start';
  }

  protected start(ticket: number): void {
    this.adapter.send(this.sizes[ticket]!, this.sections[ticket]!, this, ticket);
  }

  protected fillAnswer(answer: RingPacket, ticket: number): void {
    const granted = this.granted[ticket]!;
    if (granted >= 0) {
      encodeSubChannelAnswer(answer, granted);
      return;
    }
    answer.body.fill(0, 0, 8);
    answer.body[0] = 108;
    answer.body[4] = this.good[ticket] ? 1 : 2;
    answer.bodyBytes = 8;
  }
}
