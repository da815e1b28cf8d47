import { invariant } from '../defect.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { ModelledReceiveBuffer } from '../vmbus/modelled-receive-buffer.js';
import { encodeReturn, transferredFrames } from '../vmbus/network-protocol.js';
import { PacketType, RingPacket } from '../vmbus/ring-packet.js';
import { DONE, type DriverOutcome, SIGNAL } from './guest-device.js';
import { ServiceClient } from './service-client.js';

/** What a guest pays for what it receives. */
export interface ReceiveCosts {
  frame: Cost;
  /** Of 1 KB out of the receive buffer. */
  copy: Cost;
}

/**
 * The network VSC. Beside sending it takes the frames that lie in its receive buffer, passes them on and gives the room
 * back. An interrupt handles the frames that are there when it begins; for later ones it comes again.
 */
export class NetworkClient extends ServiceClient {
  /** Packets by which frames came, and those by which their room was given back. */
  received = 0;
  returned = 0;
  private readonly reply = new RingPacket(64);
  /** Packets of frames that this interrupt has computed for. */
  private budget = 0;
  /** Packets that found no room in the ring to the host. */
  private readonly owed: number[] = [];

  constructor(
    private readonly buffer: ModelledReceiveBuffer,
    private readonly receive: ReceiveCosts,
    ...base: ConstructorParameters<typeof ServiceClient>
  ) {
    super(...base);
  }

  override gone(): void {
    this.received = 0;
    this.returned = 0;
    this.budget = 0;
    this.owed.length = 0;
    this.buffer.reset();
    super.gone();
  }

  override interruptNs(): number {
    const { packets, frames, bytes } = this.buffer.unread;
    this.budget = packets;
    const ns = super.interruptNs();
    if (frames === 0) return ns;
    const { frame, copy } = this.receive;
    return ns + frame.charge(frames) + copy.chargeNs(Math.round((bytes / 1024) * copy.amount), frames);
  }

  override acknowledge(): DriverOutcome {
    let todo = this.payBack();
    if (super.acknowledge() === SIGNAL) todo = SIGNAL;
    if (this.channel !== null && this.buffer.unread.packets > 0) this.guest.raise(this, this.vp);
    return todo;
  }

  protected override mayRead(): boolean {
    return this.budget > 0 || this.buffer.unread.packets === 0;
  }

  protected override take(): DriverOutcome {
    if (this.answer.type !== PacketType.TransferPages) return super.take();
    const packet = this.answer.transaction;
    this.budget--;
    this.received++;
    const frames = this.buffer.read(packet);
    invariant(
      frames.length === transferredFrames(this.answer),
      'a packet hands over what is not in the receive buffer',
    );
    for (const { listener, tag } of frames) listener?.received(tag);
    this.owed.push(packet);
    return this.payBack();
  }

  private payBack(): DriverOutcome {
    let todo: DriverOutcome = DONE;
    for (let packet = this.owed[0]; packet !== undefined && this.channel !== null; packet = this.owed[0]) {
      encodeReturn(this.reply, packet);
      const outcome = this.channel.outgoing.write(this.reply);
      if (outcome === 'full') break;
      this.returned++;
      this.owed.shift();
      if (outcome === 'signal') todo = SIGNAL;
    }
    return todo;
  }
}
