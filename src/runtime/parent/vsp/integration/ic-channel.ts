import type { ChannelService } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import { PacketType } from '../../../vmbus/ring-packet.js';
import { decodeIc, encodeIc, type IcMessage, IcType, negotiated, negotiation, type Version } from './ic-protocol.js';

export interface IcHandler {
  /** Message versions of the service, oldest first. */
  versions: readonly Version[];
  /** Both ends agreed: the service may speak. */
  ready(version: Version): void;
  response(message: IcMessage): void;
  closed(): void;
}

/** The host's end of an integration service's channel: agrees on versions, then asks and hears answers. */
export class IcChannel implements ChannelService {
  private agreed: { framework: Version; version: Version } | null = null;
  private transaction = 0n;

  constructor(
    private readonly channel: HostChannel,
    private readonly handler: IcHandler,
  ) {
    this.transmit(negotiation(handler.versions));
  }

  /** Does nothing before both ends agreed. */
  request(type: number, body: Uint8Array): void {
    if (this.agreed === null) return;
    this.transmit(encodeIc(type, this.agreed.framework, this.agreed.version, body));
  }

  signalled(): void {
    for (let packet = this.channel.receive(); packet !== null; packet = this.channel.receive()) {
      if (packet.type !== PacketType.InBand) continue;
      const message = decodeIc(packet.payload);
      if (message === null) {
        this.channel.fail('an integration message is too short');
        return;
      }
      this.receive(message);
    }
  }

  closed(): void {
    this.agreed = null;
    this.handler.closed();
  }

  private receive(message: IcMessage): void {
    if (message.type !== IcType.negotiate) {
      if (this.agreed !== null) this.handler.response(message);
      return;
    }
    const chosen = negotiated(message.body);
    if (chosen === null || this.agreed !== null) return;
    if (!this.handler.versions.some(([major, minor]) => major === chosen.version[0] && minor === chosen.version[1]))
      return;
    this.agreed = chosen;
    this.handler.ready(chosen.version);
  }

  private transmit(payload: Uint8Array): void {
    this.channel.send(PacketType.InBand, 0, ++this.transaction, payload);
  }
}
