import { bits, type PlainState, type StateReader } from '../../../child/snapshot/plain-state.js';
import type { ChannelService } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import { PacketType } from '../../../vmbus/ring-packet.js';
import { takeMessages } from '../take-messages.js';
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

  private constructor(
    private readonly channel: HostChannel,
    private readonly handler: IcHandler,
  ) {}

  /** The guest has opened the channel: begins with the versions. */
  static open(channel: HostChannel, handler: IcHandler): IcChannel {
    const opened = new IcChannel(channel, handler);
    opened.transmit(negotiation(handler.versions));
    return opened;
  }

  /** Goes on where `save` was; the handler is not told again that it is ready. Throws SnapshotError. */
  static restored(channel: HostChannel, handler: IcHandler, state: StateReader): IcChannel {
    const restored = new IcChannel(channel, handler);
    restored.transaction = state.at('transaction').bits();
    restored.agreed = state.at('agreed').orNull((agreed) => ({
      framework: version(agreed.at('framework')),
      version: version(agreed.at('version')),
    }));
    return restored;
  }

  save(): PlainState {
    const { agreed } = this;
    return {
      transaction: bits(this.transaction),
      agreed: agreed && { framework: [...agreed.framework], version: [...agreed.version] },
    };
  }

  /** The version of the service's messages, null before both ends agreed. */
  get version(): Version | null {
    return this.agreed?.version ?? null;
  }

  /** Does nothing before both ends agreed. */
  request(type: number, body: Uint8Array): void {
    if (this.agreed === null) return;
    this.transmit(encodeIc(type, this.agreed.framework, this.agreed.version, body));
  }

  signalled(): void {
    const fault = 'an integration message is too short';
    takeMessages(this.channel, decodeIc, fault, (message) => this.receive(message));
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

function version(state: StateReader): Version {
  const [major, minor] = state.list(2).map((number) => number.integer(0, 0xffff));
  if (major === undefined || minor === undefined) throw state.wrong('is no version');
  return [major, minor];
}
