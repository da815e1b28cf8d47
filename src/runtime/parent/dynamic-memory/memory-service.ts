import type { Cost } from '../../trace/cost-ledger.js';
import type { GuestPages } from '../../vmbus/balloon-messages.js';
import type { ChannelService } from '../../vmbus/host/device.js';
import type { HostChannel } from '../../vmbus/host/host-channel.js';
import { PacketType } from '../../vmbus/ring-packet.js';
import type { Traffic } from '../../vmbus/traffic.js';
import type { BackEnd, BackEndWork } from '../back-end.js';
import { BalloonHandshake } from '../vsp/memory/balloon-handshake.js';
import {
  balloonRequest,
  decodeBalloonMessage,
  type FromGuest,
  hotAddRequest,
  unballoonRequest,
} from '../vsp/memory/balloon-protocol.js';

export interface MemoryServiceCosts {
  message: Cost;
  /** HvMapGpaPages and HvUnmapGpaPages, each GB. */
  remapGigabyte: Cost;
  /** HvSignalEvent. */
  signal: Cost;
}

/** Who hears what the guest says; what was not asked for makes no sense, and is answered with false. */
export interface MemoryListener {
  /** `committedPages` counts what the balloon holds, too. */
  status(committedPages: number): boolean;
  /** `more`: another answer to the same request follows. */
  released(ranges: readonly GuestPages[], more: boolean): boolean;
  /** It has taken back what was in its balloon. */
  taken(): boolean;
  hotAdded(pages: number): boolean;
}

interface Order {
  /** null: the guest hears nothing of it. */
  build: ((transaction: number) => Uint8Array) | null;
  remappedPages: number;
  /** What happens in the host before the guest hears of it. */
  before: () => void;
}

const Work = { Serve: 0, Send: 1 } as const;
const PAGES_PER_GB = 262_144;
const MESSAGES_AT_ONCE = 16;
const nothing = () => {};

/** The host's end of a dynamic memory channel. It runs on a VP of the parent and trusts nothing it reads. */
export class MemoryService implements ChannelService, BackEndWork {
  private readonly vp: number;
  private readonly handshake = new BalloonHandshake();
  private readonly inbox: FromGuest[] = [];
  private readonly outbox: Order[] = [];
  private transaction = 0;
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
    this.handshake.opened();
  }

  /** Asks the guest for pages. */
  takeBack(pages: number): void {
    this.order({ build: (transaction) => balloonRequest(pages, transaction), remappedPages: 0, before: nothing });
  }

  /** Gives pages back that the balloon holds; `map` makes them the child's. */
  giveBack(ranges: readonly GuestPages[], map: () => void): void {
    const build = (transaction: number) => unballoonRequest(ranges, false, transaction);
    this.order({ build, remappedPages: countOf(ranges), before: map });
  }

  /** Gives pages that the guest has never seen. */
  hotAdd(pages: GuestPages, map: () => void): void {
    const build = (transaction: number) => hotAddRequest(pages, transaction);
    this.order({ build, remappedPages: pages.count, before: map });
  }

  /** Maps pages that the guest believes to have. */
  fillIn(pages: number, map: () => void): void {
    this.order({ build: null, remappedPages: pages, before: map });
  }

  signalled(): void {
    if (this.serving) return;
    this.serving = true;
    this.backEnd.post(this.vp, this, Work.Serve);
  }

  /** What was asked and not said comes to nothing. */
  closed(): void {
    this.handshake.closed();
  }

  begin(what: number): number {
    if (!this.channel.isOpen) return 0;
    if (what === Work.Serve) return this.take();
    const { message, signal } = this.costs;
    const { build, remappedPages } = this.outbox[0]!;
    const sentNs = build === null ? 0 : message.charge() + this.backEnd.inHypervisor(this.vp, signal.charge());
    return sentNs + this.remapNs(remappedPages);
  }

  end(what: number): void {
    if (!this.channel.isOpen) return;
    if (what === Work.Serve) this.handle();
    else this.deliver();
  }

  private order(order: Order): void {
    this.outbox.push(order);
    this.backEnd.post(this.vp, this, Work.Send);
  }

  private take(): number {
    this.channel.fromGuest.maskInterrupts(true);
    let remapped = 0;
    while (this.inbox.length < MESSAGES_AT_ONCE) {
      const packet = this.channel.receive();
      if (packet === null) break;
      const message = packet.type === PacketType.InBand ? decodeBalloonMessage(packet.payload) : null;
      if (message === null || message.type === 'other') {
        this.channel.fail('a memory message makes no sense');
        break;
      }
      this.traffic.packets++;
      this.traffic.bytes += packet.bodyBytes;
      if (message.type === 'ballooned') remapped += countOf(message.ranges);
      this.inbox.push(message);
    }
    if (!this.channel.isOpen) return 0;
    return this.costs.message.charge(this.inbox.length) + this.remapNs(Math.min(remapped, PAGES_PER_GB));
  }

  private handle(): void {
    this.serving = false;
    for (const message of this.inbox.splice(0)) {
      const answer = this.handshake.answer(message);
      if (answer !== null) this.order({ build: answer, remappedPages: 0, before: nothing });
      else if (!this.heard(message)) {
        this.channel.fail('the child answers what it was not asked');
        return;
      }
    }
    if (!this.channel.isReachable) return;
    const { fromGuest } = this.channel;
    if (fromGuest.usedBytes() !== 0) this.signalled();
    else fromGuest.maskInterrupts(false);
  }

  private heard(message: FromGuest): boolean {
    if (!this.handshake.ready) return false;
    switch (message.type) {
      case 'status':
        return Number.isSafeInteger(message.committedPages) && this.listener.status(message.committedPages);
      case 'ballooned':
        return this.listener.released(message.ranges, message.more);
      case 'unballooned':
        return this.listener.taken();
      case 'hot added':
        return this.listener.hotAdded(message.pages);
      default:
        return false;
    }
  }

  private deliver(): void {
    const { build, before } = this.outbox.shift()!;
    before();
    if (build === null) return;
    const payload = build(++this.transaction);
    this.channel.send(PacketType.InBand, 0, BigInt(this.transaction), payload);
  }

  private remapNs(pages: number): number {
    const { remapGigabyte } = this.costs;
    return pages === 0 ? 0 : remapGigabyte.chargeNs(Math.round((pages / PAGES_PER_GB) * remapGigabyte.amount));
  }
}

function countOf(ranges: readonly GuestPages[]): number {
  return ranges.reduce((sum, { count }) => sum + count, 0);
}
