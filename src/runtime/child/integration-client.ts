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
import { DONE, type DriverHost, type DriverOutcome, type GuestDevice, SIGNAL } from './guest-device.js';
import { RegisterlessDriver } from './registerless-driver.js';
import type { ChannelDriver, GuestChannel } from './vmbus/guest-channel.js';

const TYPE_AT = PIPE_HEADER + 4;

/**
 * What a guest does with a request of a service: changes the body into its answer, where it lies, and says a status; or
 * {@link LATER}, and calls `reply` once it has one. That returns the driver which has to signal the host, if one has.
 */
export type IntegrationAnswer = (packet: DataView, reply: (status: number) => GuestDevice | null) => number;
export const LATER = -1;

/** The guest's end of an integration service: agrees to the newest versions, then answers each request. */
export class IntegrationClient extends RegisterlessDriver implements ChannelDriver {
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
  ) {
    super();
  }

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
    const { incoming } = this.channel;
    const { packet } = this;
    let todo: DriverOutcome = DONE;
    while (incoming.read(packet) === 'packet') {
      const type = packet.view.getUint16(TYPE_AT, true);
      if (type === IcType.negotiate) chooseNewest(packet.view);
      const status = type === IcType.negotiate ? IcStatus.success : this.ask(packet);
      if (status !== LATER && this.respond(packet, status)) todo = SIGNAL;
      if (type === IcType.negotiate && !this.agreed) {
        this.agreed = true;
        this.settled();
      }
    }
    return todo;
  }

  /** A request that is answered later is kept until then. */
  private ask(packet: RingPacket): number {
    const kept = () => {
      const copy = new RingPacket(packet.bodyBytes);
      copy.body.set(packet.body.subarray(0, packet.bodyBytes));
      copy.bodyBytes = packet.bodyBytes;
      copy.transaction = packet.transaction;
      return copy;
    };
    let request: RingPacket | null = null;
    const status = this.answer(packet.view, (late) => (request && this.respond(request, late) ? this : null));
    if (status === LATER) request = kept();
    return status;
  }

  /** Whether the host must be signalled. */
  private respond(packet: RingPacket, status: number): boolean {
    if (this.channel === null) return false;
    respond(packet.view, status);
    packet.type = PacketType.InBand;
    packet.flags = 0;
    const outcome = this.channel.outgoing.write(packet);
    invariant(outcome === 'signal' || outcome === 'written', 'the host does not read what its services are answered');
    return outcome === 'signal';
  }

  issueNs(): number {
    return noTransfers();
  }

  issue(): DriverOutcome {
    return noTransfers();
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
