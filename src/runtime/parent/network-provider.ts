import type { NetworkAdapter, SendClient } from '../hardware/network-adapter.js';
import { decodeSend } from '../vmbus/network-protocol.js';
import { PacketType, type RingPacket } from '../vmbus/ring-packet.js';
import { type Accepted, ServiceProvider } from './service-provider.js';
import { plugIn, type SwitchPort } from './virtual-switch.js';

/** Longest message one packet may announce. */
const MAXIMUM_SEND_BYTES = 1_048_576;

/** The network VSP of one adapter: what the child sends goes through the virtual switch. */
export class NetworkProvider extends ServiceProvider implements SendClient {
  private readonly port: SwitchPort;
  private readonly sizes: number[] = [];
  private readonly good: boolean[] = [];

  constructor(uplink: NetworkAdapter | null, ...base: ConstructorParameters<typeof ServiceProvider>) {
    super(...base);
    this.port = plugIn(uplink, this);
  }

  sent(ticket: number): void {
    this.complete(ticket);
  }

  sendFailed(ticket: number): void {
    this.good[ticket] = false;
    this.complete(ticket);
  }

  protected accept(packet: RingPacket, ticket: number): Accepted {
    const bytes =
      packet.type === PacketType.InBand ? decodeSend(packet.body, packet.bodyBytes, MAXIMUM_SEND_BYTES) : -1;
    this.good[ticket] = bytes >= 0;
    if (bytes < 0) return 'answer';
    this.sizes[ticket] = bytes;
    this.batchBytes += bytes;
    return 'start';
  }

  protected start(ticket: number): void {
    this.port.send(this.sizes[ticket]!, ticket);
  }

  protected fillAnswer(answer: RingPacket, ticket: number): void {
    answer.body.fill(0, 0, 8);
    answer.body[0] = 108;
    answer.body[4] = this.good[ticket] ? 1 : 2;
    answer.bodyBytes = 8;
  }
}
