import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import type { Keystroke } from '../../../../protocol/machine.js';
import type { PlainState, StateReader } from '../../../child/snapshot/plain-state.js';
import type { ChannelService, SavableDevice } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import { PacketType } from '../../../vmbus/ring-packet.js';
import { takeMessages } from '../take-messages.js';

/** Messages of the synthetic keyboard (openvmm, vmbus keyboard): a type of 32 bits, then a body. */
const Message = { VersionRequest: 1, VersionResponse: 2, Event: 3 } as const;
const VERSION_1_0 = 0x0001_0000;
const ACCEPTED = 1;
const BREAK = 2;
const E0 = 4;
const E1 = 8;

/** A keyboard that the guest finds on VMBus; its driver is hyperv_keyboard. */
export class KeyboardVsp implements SavableDevice {
  readonly title = 'keyboard';
  readonly interfaceId = VMBUS_CLASSES.keyboard;
  readonly instanceId = 'd34b2567-b9b6-42b9-8778-0a4ec0b955bf';
  readonly messagePipe = false;
  private channel: HostChannel | null = null;
  private ready = false;
  private transaction = 0n;
  private readonly service: ChannelService = {
    signalled: () => this.hear(),
    closed: () => {
      this.channel = null;
      this.ready = false;
    },
  };

  /** Lost where the guest does not listen. */
  type({ code, prefix, up }: Keystroke): void {
    if (!this.ready) return;
    const flags = (up ? BREAK : 0) | (prefix === 'e0' ? E0 : 0) | (prefix === 'e1' ? E1 : 0);
    this.send(Message.Event, code & 0xffff, flags);
  }

  open(channel: HostChannel): ChannelService {
    this.channel = channel;
    return this.service;
  }

  save(): PlainState {
    return { version: 1, ready: this.ready };
  }

  restore(state: StateReader, channel: HostChannel | null): ChannelService | null {
    this.ready = state.version(1).at('ready').flag() && channel !== null;
    this.channel = channel;
    return channel && this.service;
  }

  private hear(): void {
    if (this.channel === null) return;
    takeMessages(this.channel, decode, 'a keyboard message is too short', ({ type, version }) => {
      if (type !== Message.VersionRequest) return;
      this.ready = version === VERSION_1_0;
      this.send(Message.VersionResponse, this.ready ? ACCEPTED : 0);
    });
  }

  private send(type: number, ...body: number[]): void {
    const payload = new Uint8Array(Uint32Array.of(type, ...body).buffer);
    this.channel?.send(PacketType.InBand, 0, ++this.transaction, payload);
  }
}

/** A message from the guest: it has one, which asks for a version. null: it is too short for that. */
function decode(payload: Uint8Array): { type: number; version: number } | null {
  if (payload.length < 8) return null;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  return { type: view.getUint32(0, true), version: view.getUint32(4, true) };
}
