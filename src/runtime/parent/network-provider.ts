import type { NetworkAdapter, SendClient } from '../hardware/network-adapter.js';
import { IntQueue } from '../int-queue.js';
import type { Channel } from '../vmbus/channel.js';
import { decodeSend } from '../vmbus/network-protocol.js';
import { PacketType, type RingPacket } from '../vmbus/ring-packet.js';
import type { BackEnd } from './back-end.js';
import { type ProviderCosts, ServiceProvider } from './service-provider.js';
import { plugIn, type SwitchPort } from './virtual-switch.js';

/** Longest message one packet may announce. */
const MAXIMUM_SEND_BYTES = 1_048_576;

/** The network VSP of one adapter: what the child sends goes through the virtual switch. */
export class NetworkProvider extends ServiceProvider implements SendClient {
  private readonly port: SwitchPort;
  private readonly free = new IntQueue();
  private readonly transactions: number[] = [];
  private readonly sizes: number[] = [];

  constructor(
    channel: Channel,
    backEnd: BackEnd,
    costs: ProviderCosts,
    uplink: NetworkAdapter | null,
    broken: (why: string) => void,
  ) {
    super(channel, backEnd, costs, broken);
    this.port = plugIn(uplink, this);
  }

  sent(ticket: number): void {
    this.free.push(ticket);
    this.complete(this.transactions[ticket]!, true);
  }

  protected accept(packet: RingPacket): number {
    const bytes =
      packet.type === PacketType.InBand ? decodeSend(packet.body, packet.bodyBytes, MAXIMUM_SEND_BYTES) : -1;
    if (bytes < 0) return -1;
    const recycled = this.free.shift();
    const ticket = recycled >= 0 ? recycled : this.transactions.length;
    this.transactions[ticket] = packet.transaction;
    this.sizes[ticket] = bytes;
    this.batchBytes += bytes;
    return ticket;
  }

  protected start(ticket: number): void {
    this.port.send(this.sizes[ticket]!, ticket);
  }

  protected encodeAnswer(body: Uint8Array, good: boolean): number {
    body.fill(0, 0, 8);
    body[0] = 108;
    body[4] = good ? 1 : 2;
    return 8;
  }
}
