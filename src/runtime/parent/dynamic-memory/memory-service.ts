import type { Cost } from '../../trace/cost-ledger.js';
import type { ChannelService } from '../../vmbus/host/device.js';
import type { HostChannel } from '../../vmbus/host/host-channel.js';
import {
  decodeMemoryMessage,
  encodeMemoryMessage,
  MemoryMessage,
  type MemoryPacket,
} from '../../vmbus/memory-protocol.js';
import { RingPacket } from '../../vmbus/ring-packet.js';
import type { Traffic } from '../../vmbus/traffic.js';
import type { BackEnd, BackEndWork } from '../back-end.js';

export interface MemoryServiceCosts {
  message: Cost;
  /** HvMapGpaPages and HvUnmapGpaPages, each GB. */
  remapGigabyte: Cost;
  /** HvSignalEvent. */
  signal: Cost;
}

/** Who hears what the guest says; a number of pages that was not asked for makes no sense. */
export interface MemoryListener {
  status(demandPages: number): void;
  /** False when the guest gives up more than it was asked for. */
  released(pages: number): boolean;
  taken(pages: number): boolean;
}

interface Order {
  type: MemoryMessage;
  pages: number;
  /** What happens in the host before the guest hears of it. */
  before: () => void;
}

const Work = { Serve: 0, Send: 1 } as const;
const PAGES_PER_GB = 262_144;
const MESSAGES_AT_ONCE = 16;

/** The host's end of a dynamic memory channel. It runs on a VP of the parent and trusts nothing it reads. */
export class MemoryService implements ChannelService, BackEndWork {
  private readonly vp: number;
  private readonly received = new RingPacket();
  private readonly sent = new RingPacket();
  private readonly inbox: MemoryPacket[] = [];
  private readonly outbox: Order[] = [];
  private serving = false;

  constructor(
    readonly title: string,
    private readonly channel: HostChannel,
    private readonly backEnd: BackEnd,
    private readonly costs: MemoryServiceCosts,
    private readonly listener: MemoryListener,
    private readonly traffic: Traffic,
  ) {
    this.vp = backEnd.assignVp();
  }

  /** Asks the guest to give up or to take pages. */
  send(type: MemoryMessage, pages: number, before: () => void = () => {}): void {
    this.outbox.push({ type, pages, before });
    this.backEnd.post(this.vp, this, Work.Send);
  }

  signalled(): void {
    if (this.serving) return;
    this.serving = true;
    this.backEnd.post(this.vp, this, Work.Serve);
  }

  /** What was asked and not said comes to nothing. */
  closed(): void {}

  begin(what: number): number {
    if (!this.channel.isOpen) return 0;
    const { message, signal } = this.costs;
    if (what === Work.Serve) return this.take();
    const order = this.outbox[0]!;
    const mapped = order.type === MemoryMessage.BalloonRequest ? 0 : order.pages;
    return message.charge() + this.remapNs(mapped) + this.backEnd.inHypervisor(this.vp, signal.charge());
  }

  end(what: number): void {
    if (!this.channel.isOpen) return;
    if (what === Work.Serve) this.handle();
    else this.deliver();
  }

  private take(): number {
    this.channel.fromGuest.maskInterrupts(true);
    let remapped = 0;
    while (this.inbox.length < MESSAGES_AT_ONCE) {
      if (!this.channel.receiveInto(this.received)) break;
      const message = decodeMemoryMessage(this.received);
      if (message === null) {
        this.channel.fail('a memory message makes no sense');
        break;
      }
      this.traffic.packets++;
      this.traffic.bytes += this.received.bodyBytes;
      if (message.type === MemoryMessage.BalloonResponse) remapped += message.pages;
      this.inbox.push(message);
    }
    if (!this.channel.isOpen) return 0;
    return this.costs.message.charge(this.inbox.length) + this.remapNs(Math.min(remapped, PAGES_PER_GB));
  }

  private handle(): void {
    this.serving = false;
    for (const { type, pages } of this.inbox.splice(0)) {
      if (type === MemoryMessage.Status) this.listener.status(pages);
      else if (!this.answered(type, pages)) {
        this.channel.fail('the child answers what it was not asked');
        return;
      }
    }
    const { fromGuest } = this.channel;
    if (fromGuest.takeRoomSignal()) this.channel.interrupt();
    if (fromGuest.usedBytes() !== 0) this.signalled();
    else fromGuest.maskInterrupts(false);
  }

  private answered(type: number, pages: number): boolean {
    if (type === MemoryMessage.BalloonResponse) return this.listener.released(pages);
    const takes = type === MemoryMessage.UnballoonResponse || type === MemoryMessage.HotAddResponse;
    return takes && this.listener.taken(pages);
  }

  private deliver(): void {
    const { type, pages, before } = this.outbox.shift()!;
    before();
    encodeMemoryMessage(this.sent, type, pages);
    if (this.channel.trySend(this.sent) === 'full') this.channel.fail('the child leaves its memory messages unread');
  }

  private remapNs(pages: number): number {
    const { remapGigabyte } = this.costs;
    return pages === 0 ? 0 : remapGigabyte.chargeNs(Math.round((pages / PAGES_PER_GB) * remapGigabyte.amount));
  }
}
