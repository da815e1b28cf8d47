import { invariant } from '../defect.js';
import { IntQueue } from '../int-queue.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { ChannelService } from '../vmbus/host/device.js';
import type { HostChannel } from '../vmbus/host/host-channel.js';
import { PacketType, RingPacket } from '../vmbus/ring-packet.js';
import type { Traffic } from '../vmbus/traffic.js';
import type { BackEnd, BackEndWork } from './back-end.js';

const Work = { Serve: 0, Complete: 1 } as const;

/**
 * What becomes of a packet: the device is started, it is answered at once, or there is nothing to say to it. `note`: it was
 * no request.
 */
export type Accepted = 'start' | 'answer' | 'drop' | 'note';

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
export abstract class ServiceProvider implements BackEndWork, ChannelService {
  /** Requests that were taken from the ring, and those that were answered. */
  taken = 0;
  answered = 0;
  /** Packets that it sent unasked, about the device itself. */
  notices = 0;
  private readonly packet = new RingPacket();
  private readonly answer = new RingPacket(64);
  private serving = false;
  /** Bytes of the batch that is being taken. */
  protected batchBytes = 0;
  /** What its requests cost beside what every request does. */
  protected batchNs = 0;
  private completing = false;
  private noticeDue = false;
  private readonly accepted = new IntQueue();
  private readonly completed = new IntQueue();
  // Packets in work, by column; a ticket is a row that is used again when its answer is written.
  private readonly free = new IntQueue();
  private readonly transactionsLow: number[] = [];
  private readonly transactionsHigh: number[] = [];
  private readonly wanted: boolean[] = [];
  /** The device behind has not said yet that it is done. */
  private readonly inWork: boolean[] = [];
  protected readonly vp: number;

  constructor(
    readonly title: string,
    protected readonly channel: HostChannel,
    protected readonly backEnd: BackEnd,
    private readonly costs: ProviderCosts,
    private readonly traffic: Traffic,
  ) {
    this.vp = backEnd.assignVp();
  }

  /** Checks one packet and keeps what {@link start} and {@link fillAnswer} need under its ticket. */
  protected abstract accept(packet: RingPacket, ticket: number): Accepted;
  /** Starts the device; {@link complete} follows sooner or later. */
  protected abstract start(ticket: number): void;
  /** Writes the answer: its body and how long it is. */
  protected abstract fillAnswer(answer: RingPacket, ticket: number): void;

  signalled(): void {
    if (this.completed.length > 0 || this.noticeDue) this.post(Work.Complete);
    this.post(Work.Serve);
  }

  /** Tells the guest what it did not ask for, when a VP of the parent gets to it and there is room. */
  protected notify(): void {
    this.noticeDue = true;
    this.post(Work.Complete);
  }

  /** Writes what {@link notify} tells: its body and how long it is. */
  protected fillNotice(notice: RingPacket): void {
    notice.bodyBytes = 0;
  }

  /** The channel is gone; what was begun comes to nothing. */
  closed(): void {}

  begin(what: number): number {
    if (!this.channel.isReachable) return 0;
    return what === Work.Serve ? this.take() : this.prepareAnswers();
  }

  end(what: number): void {
    if (what === Work.Serve) this.startAccepted();
    else this.answerCompleted();
  }

  /** The device behind has done what the ticket stands for. */
  protected complete(ticket: number): void {
    if (!this.channel.isOpen) return;
    invariant(this.inWork[ticket] === true, 'a device answered a request twice');
    this.inWork[ticket] = false;
    this.completed.push(ticket);
    this.post(Work.Complete);
  }

  private take(): number {
    this.serving = true;
    const { fromGuest } = this.channel;
    fromGuest.maskInterrupts(true);
    let packets = 0;
    let taken = 0;
    this.batchBytes = 0;
    this.batchNs = 0;
    while (packets < this.costs.batch) {
      if (!this.channel.receiveInto(this.packet)) break;
      packets++;
      const ticket = this.newTicket(this.packet);
      const accepted = this.accept(this.packet, ticket);
      if (accepted === 'note') {
        this.free.push(ticket);
        continue;
      }
      taken++;
      this.traffic.packets++;
      this.traffic.bytes += this.packet.bodyBytes;
      if (accepted === 'start') this.accepted.push(ticket);
      else if (accepted === 'answer') this.complete(ticket);
      else this.free.push(ticket);
    }
    if (!this.channel.isOpen) return 0;
    this.taken += taken;
    let ns = this.batchNs + this.costs.request.charge(taken);
    for (const cost of this.costs.perRequest) ns += cost.charge(taken);
    const { copy } = this.costs;
    return copy ? ns + copy.chargeNs(Math.round((this.batchBytes / 1024) * copy.amount), taken) : ns;
  }

  private startAccepted(): void {
    this.serving = false;
    while (this.accepted.length > 0) this.start(this.accepted.shift());
    if (!this.channel.isReachable) return;
    const { fromGuest } = this.channel;
    if (fromGuest.takeRoomSignal()) this.channel.interrupt();
    if (fromGuest.usedBytes() !== 0) {
      this.post(Work.Serve);
      return;
    }
    fromGuest.maskInterrupts(false);
  }

  /** The answers of a batch; the first into an empty ring takes a hypercall to signal the child. */
  private prepareAnswers(): number {
    const { signal } = this.costs;
    const signals = signal !== null && this.channel.toGuest.usedBytes() === 0;
    const signalNs = signals ? this.backEnd.inHypervisor(this.vp, signal.charge()) : 0;
    const answers = Math.min(this.completed.length, this.costs.batch) + (this.noticeDue ? 1 : 0);
    return signalNs + this.costs.completion.charge(answers);
  }

  private answerCompleted(): void {
    this.completing = false;
    if (!this.channel.isReachable) return;
    const { answer } = this;
    if (this.noticeDue && !this.sendNotice()) return;
    for (let n = Math.min(this.completed.length, this.costs.batch); n > 0; n--) {
      const ticket = this.completed.peek();
      answer.type = PacketType.Completion;
      answer.transactionLow = this.transactionsLow[ticket]!;
      answer.transactionHigh = this.transactionsHigh[ticket]!;
      this.fillAnswer(answer, ticket);
      if (this.wanted[ticket] && this.channel.trySend(answer) === 'full') return;
      this.completed.shift();
      this.free.push(ticket);
      this.answered++;
    }
    if (this.completed.length > 0) this.post(Work.Complete);
  }

  /** False: there is no room for it yet. */
  private sendNotice(): boolean {
    const { answer } = this;
    answer.type = PacketType.InBand;
    answer.transaction = 0;
    this.fillNotice(answer);
    if (this.channel.trySend(answer) === 'full') return false;
    this.noticeDue = false;
    this.notices++;
    return true;
  }

  private newTicket(packet: RingPacket): number {
    const recycled = this.free.shift();
    const ticket = recycled >= 0 ? recycled : this.transactionsLow.length;
    this.transactionsLow[ticket] = packet.transactionLow;
    this.transactionsHigh[ticket] = packet.transactionHigh;
    this.wanted[ticket] = packet.completionRequested;
    this.inWork[ticket] = true;
    return ticket;
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
}
