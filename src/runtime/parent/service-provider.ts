import { invariant } from '../defect.js';
import { IntQueue } from '../int-queue.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { Channel, ChannelEnd } from '../vmbus/channel.js';
import { PacketType, RingPacket } from '../vmbus/ring-packet.js';
import type { BackEnd, BackEndWork } from './back-end.js';

const Work = { Serve: 0, Complete: 1 } as const;

/** What a VSP costs and how many packets it takes at once. */
export interface ProviderCosts {
  request: Cost;
  completion: Cost;
  /** Null where the back end needs no signal to reach its guest. */
  signal: Cost | null;
  /** What every request costs beside the driver. */
  perRequest: readonly Cost[];
  /** Of 1 KB; null where nothing is copied. */
  copy: Cost | null;
  batch: number;
}

/**
 * The host's end of one channel, a virtualization service provider (VSP) or back end. It takes packets in batches while it
 * is awake, hands them to the device behind it, and answers in batches. A ring that makes no sense closes the
 * channel and nothing else.
 */
export abstract class ServiceProvider implements BackEndWork, ChannelEnd {
  readonly title: string;
  private readonly packet = new RingPacket();
  private readonly answer = new RingPacket(64);
  private serving = false;
  /** Bytes of the batch that is being taken. */
  protected batchBytes = 0;
  private completing = false;
  private readonly accepted = new IntQueue();
  private readonly completed = new IntQueue();
  private readonly vp: number;

  constructor(
    protected readonly channel: Channel,
    private readonly backEnd: BackEnd,
    private readonly costs: ProviderCosts,
    /** The channel made no sense and was closed. */
    private readonly broken: (why: string) => void,
  ) {
    this.title = `VSP ${channel.device} of ${channel.childName}`;
    this.vp = backEnd.assignVp();
    channel.host = this;
  }

  /** Checks one packet; returns a ticket for {@link start}, or -1 when it is refused. */
  protected abstract accept(packet: RingPacket): number;
  /** Starts the device; {@link complete} follows sooner or later. */
  protected abstract start(ticket: number): void;
  /** Writes the answer; returns its length. */
  protected abstract encodeAnswer(body: Uint8Array, good: boolean): number;

  signalled(): void {
    if (this.completed.length > 0) this.post(Work.Complete);
    this.post(Work.Serve);
  }

  begin(what: number): number {
    if (!this.channel.open) return 0;
    return what === Work.Serve ? this.take() : this.prepareAnswers();
  }

  end(what: number): void {
    if (what === Work.Serve) this.startAccepted();
    else this.answerCompleted();
  }

  /** The device behind has done what packet `transaction` asked for. */
  protected complete(transaction: number, good: boolean): void {
    if (!this.channel.open) return;
    this.completed.push(transaction * 2 + (good ? 1 : 0));
    this.post(Work.Complete);
  }

  private take(): number {
    this.serving = true;
    const { hostReads } = this.channel;
    hostReads.maskInterrupts(true);
    let taken = 0;
    this.batchBytes = 0;
    while (taken < this.costs.batch) {
      const outcome = hostReads.read(this.packet);
      if (outcome === 'corrupt') {
        this.close('the ring of the child makes no sense');
        return 0;
      }
      if (outcome === 'empty') break;
      taken++;
      this.channel.traffic.packets++;
      this.channel.traffic.bytes += this.packet.bodyBytes;
      const ticket = this.accept(this.packet);
      if (ticket >= 0) this.accepted.push(ticket);
      else this.complete(this.packet.transaction, false);
    }
    let ns = this.costs.request.charge(taken);
    for (const cost of this.costs.perRequest) ns += cost.charge(taken);
    const { copy } = this.costs;
    return copy ? ns + copy.chargeNs(Math.round((this.batchBytes / 1024) * copy.amount), taken) : ns;
  }

  private startAccepted(): void {
    this.serving = false;
    while (this.accepted.length > 0) this.start(this.accepted.shift());
    if (!this.channel.open) return;
    const { hostReads } = this.channel;
    if (hostReads.takeRoomSignal()) this.channel.signalChild();
    if (hostReads.usedBytes() !== 0) {
      this.post(Work.Serve);
      return;
    }
    hostReads.maskInterrupts(false);
  }

  /** The answers of a batch; the first into an empty ring takes a hypercall to signal the child. */
  private prepareAnswers(): number {
    const { signal } = this.costs;
    const signals = signal !== null && this.channel.hostWrites.usedBytes() === 0;
    const signalNs = signals ? this.backEnd.inHypervisor(this.vp, signal.charge()) : 0;
    return signalNs + this.costs.completion.charge(Math.min(this.completed.length, this.costs.batch));
  }

  private answerCompleted(): void {
    this.completing = false;
    if (!this.channel.open) return;
    for (let n = Math.min(this.completed.length, this.costs.batch); n > 0; n--) {
      const code = this.completed.peek();
      const { answer } = this;
      answer.type = PacketType.Completion;
      answer.bodyBytes = this.encodeAnswer(answer.body, code % 2 === 1);
      answer.transaction = Math.floor(code / 2);
      const outcome = this.channel.hostWrites.write(answer);
      if (outcome === 'corrupt') {
        this.close('the ring of the child makes no sense');
        return;
      }
      if (outcome === 'full') return;
      this.completed.shift();
      if (outcome === 'signal') this.channel.signalChild();
    }
    if (this.completed.length > 0) this.post(Work.Complete);
  }

  private post(what: number): void {
    if (what === Work.Serve) {
      if (this.serving) return;
      this.serving = true;
    } else {
      if (this.completing) return;
      this.completing = true;
    }
    this.backEnd.post(this.vp, this, what);
  }

  private close(why: string): void {
    invariant(this.channel.open, 'a channel was closed twice');
    this.channel.open = false;
    this.broken(why);
  }
}
