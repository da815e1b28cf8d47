import { invariant } from '../defect.js';
import {
  BODY_AT,
  chooseNewest,
  IcStatus,
  IcType,
  PIPE_HEADER,
  respond,
} from '../parent/vsp/integration/ic-protocol.js';
import type { Cost } from '../trace/cost-ledger.js';
import { PacketType, RingPacket } from '../vmbus/ring-packet.js';
import { DONE, type DriverHost, type DriverOutcome, SIGNAL } from './guest-device.js';
import type { ChannelDriver, GuestChannel } from './vmbus/guest-channel.js';

const TYPE_AT = PIPE_HEADER + 4;

/** What a guest does with a request of a service: changes the body into its answer, where it lies; a status. */
export type IntegrationAnswer = (packet: DataView) => number;

/** The guest's end of an integration service: agrees to the newest versions, then answers each request. */
export class IntegrationClient implements ChannelDriver {
  index = -1;
  readonly maximumBytes = 0;
  readonly vp = 0;
  readonly ringBytes = 4 * 4096;
  private channel: GuestChannel | null = null;
  private agreed = false;
  private readonly packet = new RingPacket();

  constructor(
    private readonly guest: DriverHost,
    private readonly interrupt: Cost,
    private readonly message: Cost,
    private readonly answer: IntegrationAnswer,
    /** The versions are agreed, or never will be. */
    private readonly settled: () => void,
  ) {}

  opened(channel: GuestChannel): boolean {
    this.channel = channel;
    // The host has spoken first, perhaps before the guest knew that the channel is open.
    if (channel.incoming.usedBytes() !== 0) this.signalled();
    return false;
  }

  signalled(): void {
    this.guest.raise(this, this.vp);
  }

  gone(): void {
    if (!this.agreed) this.settled();
    this.agreed = true;
    this.channel = null;
  }

  signal(): DriverOutcome {
    this.channel?.signalHost();
    return DONE;
  }

  interruptNs(): number {
    return this.interrupt.charge() + this.message.charge();
  }

  acknowledge(): DriverOutcome {
    if (this.channel === null) return DONE;
    const { incoming, outgoing } = this.channel;
    const { packet } = this;
    let todo: DriverOutcome = DONE;
    while (incoming.read(packet) === 'packet') {
      const type = packet.view.getUint16(TYPE_AT, true);
      if (type === IcType.negotiate) chooseNewest(packet.view);
      respond(packet.view, type === IcType.negotiate ? IcStatus.success : this.answer(packet.view));
      packet.type = PacketType.InBand;
      packet.flags = 0;
      const outcome = outgoing.write(packet);
      invariant(outcome === 'signal' || outcome === 'written', 'the host does not read what its services are answered');
      if (outcome === 'signal') todo = SIGNAL;
      if (type === IcType.negotiate && !this.agreed) {
        this.agreed = true;
        this.settled();
      }
    }
    return todo;
  }

  issueNs(): number {
    return noTransfers();
  }

  issue(): DriverOutcome {
    return noTransfers();
  }

  access(): number {
    return noTransfers();
  }

  accessed(): void {}

  afterAccesses(): DriverOutcome {
    return DONE;
  }
}

function noTransfers(): number {
  invariant(false, 'an integration service carries no requests');
  return 0;
}

/** What a guest tells of itself by key-value exchange. */
export function keyValueAnswer(items: readonly (readonly [key: string, value: string])[]): IntegrationAnswer {
  return (packet) => {
    const item = items[packet.getUint32(BODY_AT + 4, true)];
    if (item === undefined) return IcStatus.noMoreItems;
    const [key, value] = item;
    packet.setUint32(BODY_AT + 8, 1, true); // a string
    packet.setUint32(BODY_AT + 12, utf16(packet, BODY_AT + 20, key), true);
    packet.setUint32(BODY_AT + 16, utf16(packet, BODY_AT + 20 + 512, value), true);
    return IcStatus.success;
  };
}

/** Writes a text with a zero behind it; its length in bytes. */
function utf16(view: DataView, at: number, text: string): number {
  const shown = text.slice(0, 255);
  for (let i = 0; i < shown.length; i++) view.setUint16(at + 2 * i, shown.charCodeAt(i), true);
  view.setUint16(at + 2 * shown.length, 0, true);
  return 2 * shown.length + 2;
}
