import { VMBUS_CLASSES } from '../../../../model/catalog/vmbus-classes.js';
import type { PlainState, StateReader } from '../../../child/snapshot/plain-state.js';
import type { GuestPages } from '../../../vmbus/balloon-messages.js';
import type { ChannelService, SavableDevice } from '../../../vmbus/host/device.js';
import type { HostChannel } from '../../../vmbus/host/host-channel.js';
import { PacketType } from '../../../vmbus/ring-packet.js';
import { takeMessages } from '../take-messages.js';
import { BALLOON_PHASES, BalloonHandshake } from './balloon-handshake.js';
import {
  balloonRequest,
  decodeBalloonMessage,
  type FromGuest,
  MOST_RANGES,
  unballoonRequest,
} from './balloon-protocol.js';
import { BalloonedPages } from './ballooned-pages.js';

const PAGE_BYTES = 4096;

/** What a child has and what it says it needs. */
export interface MemoryUse {
  assignedPages: number;
  demandPages: number;
}

/**
 * Dynamic memory of a machine child: hears from the guest's hv_balloon what it needs, has its balloon take pages and give
 * them back. It never gives more than the child started with: nobody can put memory into the machine while it runs.
 */
export class MemoryVsp implements SavableDevice {
  readonly title = 'dynamic memory';
  readonly interfaceId = VMBUS_CLASSES.dynamicMemory;
  readonly instanceId = '1eccfd72-4b41-45ef-b73a-4a6e44c12924';
  readonly messagePipe = false;
  private readonly balloon: BalloonedPages;
  private channel: HostChannel | null = null;
  private readonly handshake = new BalloonHandshake();
  /** What the guest may still take of what it was asked for; null while nothing is asked. */
  private asked: number | null = null;
  /** Pages are on their way to the guest, which has not said yet that it took them. */
  private giving = false;
  private committedPages: number | null = null;
  private transaction = 0;
  private readonly service: ChannelService = {
    signalled: () => this.hear(),
    closed: () => this.forget(),
  };

  /** `reported` hears whenever the guest tells its demand, or its memory has changed. */
  constructor(
    private readonly startPages: number,
    private readonly reported: (use: MemoryUse) => void,
  ) {
    this.balloon = new BalloonedPages(startPages);
  }

  /** Pages that the guest has: what it started with, without its balloon. */
  get assignedPages(): number {
    return this.startPages - this.balloon.count;
  }

  /** null as long as the guest has not said what it needs. */
  get use(): MemoryUse | null {
    if (this.committedPages === null) return null;
    const { assignedPages } = this;
    return { assignedPages, demandPages: Math.max(0, this.committedPages - this.balloon.count) };
  }

  /** The guest should have so many pages, as far as its balloon goes. Not heard while it still does the last. */
  assign(pages: number): void {
    if (!this.handshake.ready || !this.handshake.canBalloon || this.asked !== null || this.giving) return;
    const more = Math.min(pages, this.startPages) - this.assignedPages;
    if (more < 0) this.inflate(-more);
    else if (more > 0) this.deflate(more);
  }

  open(channel: HostChannel): ChannelService {
    this.channel = channel;
    this.handshake.opened();
    return this.service;
  }

  save(): PlainState {
    const { asked, giving, committedPages, transaction } = this;
    const { phase, canBalloon } = this.handshake;
    const balloon = this.balloon.ranges().map(({ start, count }) => ({ start, count }));
    return { version: 1, phase, canBalloon, asked, giving, committedPages, transaction, balloon };
  }

  restore(state: StateReader, channel: HostChannel | null): ChannelService | null {
    state.version(1);
    const phase = state.at('phase').text(16);
    this.handshake.phase = BALLOON_PHASES.find((candidate) => candidate === phase) ?? 'closed';
    this.handshake.canBalloon = state.at('canBalloon').flag();
    this.asked = state.at('asked').orNull((asked) => asked.integer(0, this.startPages));
    this.giving = state.at('giving').flag();
    this.committedPages = state.at('committedPages').orNull((pages) => pages.integer(0, Number.MAX_SAFE_INTEGER));
    this.transaction = state.at('transaction').integer(0, 0xffff_ffff);
    for (const range of state.at('balloon').list(this.startPages)) {
      const start = range.at('start').integer(0, this.startPages);
      const added = this.balloon.add({ start, count: range.at('count').integer(1, this.startPages) });
      if (!added) throw range.wrong('is no page that a balloon can hold');
    }
    this.channel = channel;
    return channel && this.service;
  }

  private hear(): void {
    if (this.channel === null) return;
    const fault = 'a dynamic memory message is too short';
    takeMessages(this.channel, decodeBalloonMessage, fault, (message) => this.take(message));
  }

  private take(message: FromGuest): void {
    const answer = this.handshake.answer(message);
    if (answer !== null) {
      this.send(answer(++this.transaction));
      return;
    }
    switch (message.type) {
      case 'status':
        if (!this.handshake.ready || !Number.isSafeInteger(message.committedPages)) return;
        this.committedPages = message.committedPages;
        this.report();
        break;
      case 'ballooned':
        this.inflated(message.ranges, message.more);
        break;
      case 'unballooned':
        this.giving = false;
        this.report();
        break;
      default:
        break;
    }
  }

  private inflate(pages: number): void {
    this.asked = pages;
    this.send(balloonRequest(pages, ++this.transaction));
  }

  /** The guest may give less than it was asked for, never more. */
  private inflated(ranges: readonly GuestPages[], more: boolean): void {
    for (const range of ranges) {
      if (this.asked === null || range.count > this.asked || !this.balloon.add(range)) {
        this.channel?.fail('the balloon took pages that it cannot take');
        return;
      }
      this.asked -= range.count;
      this.erase(range);
    }
    if (more) return;
    this.asked = null;
    this.report();
  }

  /** The host may give the page to another child: its content goes no further. */
  private erase({ start, count }: GuestPages): void {
    const nothing = new Uint8Array(PAGE_BYTES);
    for (let page = start; page < start + count; page++) this.channel?.memory.write(page * PAGE_BYTES, nothing);
  }

  private deflate(pages: number): void {
    const ranges = this.balloon.take(pages);
    if (ranges.length === 0) return;
    this.giving = true;
    for (let at = 0; at < ranges.length; at += MOST_RANGES) {
      const more = at + MOST_RANGES < ranges.length;
      this.send(unballoonRequest(ranges.slice(at, at + MOST_RANGES), more, ++this.transaction));
    }
  }

  private report(): void {
    const { use } = this;
    if (use !== null) this.reported(use);
  }

  private send(payload: Uint8Array): void {
    this.channel?.send(PacketType.InBand, 0, BigInt(this.transaction), payload);
  }

  /** Whoever lets go of the channel, or boots another kernel, has all its memory again. */
  private forget(): void {
    this.channel = null;
    this.handshake.closed();
    this.asked = null;
    this.giving = false;
    this.committedPages = null;
    this.balloon.clear();
  }
}
