import type { HostChannel } from '../../vmbus/host/host-channel.js';
import { PacketType } from '../../vmbus/ring-packet.js';

/** Takes what the guest has written to a channel, message by message; one that cannot be decoded (null) breaks the channel. */
export function takeMessages<Message>(
  channel: HostChannel,
  decode: (payload: Uint8Array) => Message | null,
  fault: string,
  take: (message: Message) => void,
): void {
  for (let packet = channel.receive(); packet !== null; packet = channel.receive()) {
    if (packet.type !== PacketType.InBand) continue;
    const message = decode(packet.payload);
    if (message === null) channel.fail(fault);
    else take(message);
  }
}
