import type { StateReader } from '../../child/snapshot/plain-state.js';
import type { EventConnection } from '../../hypervisor/tlfs/connections.js';
import { RingBuffer } from '../ring-buffer.js';
import { sharedBytes } from '../shared-bytes.js';
import { isSavable, type VmbusDevice } from './device.js';
import type { GpadlTable } from './gpadl.js';
import type { GuestAnswers } from './guest-answers.js';
import { HostChannel } from './host-channel.js';
import * as message from './messages.js';
import { cannotBeSaved, type Offer, openFault } from './offer.js';
import type { OfferTable } from './offer-table.js';
import { connectInterrupts, interruptBy, type SharedInterrupts } from './shared-interrupts.js';
import type { VmbusHost } from './vmbus-host.js';

/** What the channels of a bus need of it. */
export interface ChannelBus extends GuestAnswers {
  /** What all channels share for their interrupts; null where each has its own. */
  sharedInterrupts(): SharedInterrupts | null;
  /** Offers a further channel of a device; false: no channel is left. */
  offerChannel(device: VmbusDevice, subChannel: number): boolean;
}

/** The channels of offers: opened and closed by the guest, broken by what it does wrong, rescinded by the host. */
export class Channels {
  constructor(
    private readonly host: VmbusHost,
    private readonly offers: OfferTable,
    private readonly gpadls: GpadlTable,
    private readonly bus: ChannelBus,
  ) {}

  openByGuest(request: Extract<message.GuestMessage, { type: 'open channel' }>): void {
    const { relid, openId, gpadl, targetVp, downstreamPage } = request;
    const offer = this.offers.get(relid);
    const pages = this.gpadls.pages(gpadl, relid);
    const events = connectInterrupts(this.host, this.bus.sharedInterrupts(), relid, targetVp);
    const fault = openFault(offer, pages, downstreamPage, events);
    if (offer === undefined || pages === null || typeof events === 'number' || fault !== null) {
      this.bus.ignored(`channel ${relid} is not opened: ${fault}`);
      this.bus.send(message.openChannelResult(relid, openId, message.UNSUCCESSFUL));
      return;
    }
    const channel = this.connect(relid, offer, pages, downstreamPage, events);
    this.host.report({ type: 'channel opened', device: offer.device.title, pages: pages.length });
    this.bus.send(message.openChannelResult(relid, openId, message.SUCCESS));
    const service = offer.device.open(channel, offer.subChannel);
    if (channel.isOpen) offer.open = { channel, gpadl, downstreamPage, targetVp, events, service };
    else service.closed(); // it broke at its first packet
  }

  closeByGuest(relid: number): void {
    const offer = this.offers.get(relid);
    if (offer === undefined) this.bus.ignored(`channel ${relid} is closed but not offered`);
    else {
      this.close(offer);
      this.rescindSubChannels(offer);
    }
  }

  /** Does nothing where it is not open. */
  close(offer: Offer): void {
    const { open } = offer;
    if (open === null) return;
    offer.open = null;
    open.events.deletePort();
    open.channel.close();
    open.service.closed();
    this.host.report({ type: 'channel closed', device: offer.device.title });
  }

  rescind(relid: number, offer: Offer): void {
    if (offer.rescinded) return;
    offer.rescinded = true;
    this.close(offer);
    if (offer.told) this.bus.send(message.rescindChannelOffer(relid));
    else this.offers.delete(relid);
  }

  /** Puts back the channel of an offer as it was saved, if it was open, and its device. Throws SnapshotError. */
  restore(relid: number, offer: Offer, saved: StateReader): void {
    const { device } = offer;
    const open = saved.at('open').orNull((state) => ({
      gpadl: state.at('gpadl').integer(0, 0xffffffff),
      downstreamPage: state.at('downstreamPage').integer(0, 0xffffffff),
      targetVp: state.at('targetVp').integer(0, 0xffffffff),
      channel: state.at('channel'),
    }));
    if (!isSavable(device)) {
      if (open === null) return;
      throw cannotBeSaved(device);
    }
    if (open === null) {
      device.restore(saved.at('device'), null);
      return;
    }
    const pages = this.gpadls.pages(open.gpadl, relid);
    const events = connectInterrupts(this.host, this.bus.sharedInterrupts(), relid, open.targetVp);
    const fault = openFault(offer, pages, open.downstreamPage, events);
    if (pages === null || typeof events === 'number' || fault !== null)
      throw saved.wrong(`is an open channel, and ${fault}`);
    const channel = this.connect(relid, offer, pages, open.downstreamPage, events);
    channel.restore(open.channel);
    const service = device.restore(saved.at('device'), channel);
    if (service === null) throw saved.wrong('is an open channel that nobody serves');
    const { gpadl, downstreamPage, targetVp } = open;
    offer.open = { channel, gpadl, downstreamPage, targetVp, events, service };
  }

  private connect(
    relid: number,
    offer: Offer,
    pages: readonly number[],
    downstreamPage: number,
    events: EventConnection,
  ): HostChannel {
    const { memory } = this.host;
    const fromGuest = new RingBuffer(sharedBytes(memory, pages.slice(0, downstreamPage)));
    const toGuest = new RingBuffer(sharedBytes(memory, pages.slice(downstreamPage)));
    return new HostChannel(memory, fromGuest, toGuest, {
      interrupt: interruptBy(events, this.bus.sharedInterrupts(), relid),
      broken: (reason) => this.broken(offer, reason),
      pages: (handle) => this.gpadls.pages(handle, relid),
      offerSubChannels: (count) => this.offerSubChannels(offer.device, count),
    });
  }

  private broken(offer: Offer, reason: string): void {
    offer.open?.events.deletePort();
    offer.open?.service.closed();
    offer.open = null;
    this.host.report({ type: 'channel broken', device: offer.device.title, reason });
    this.rescindSubChannels(offer);
  }

  /** A guest that asks again gets those that it has not yet. */
  private offerSubChannels(device: VmbusDevice, count: number): void {
    for (const subChannel of this.offers.missingSubChannels(device, count))
      if (!this.bus.offerChannel(device, subChannel)) return;
  }

  /** Further channels of a device live as long as its own. */
  private rescindSubChannels({ device, subChannel }: Offer): void {
    if (subChannel > 0) return;
    for (const [relid, offer] of this.offers.subChannelsOf(device)) this.rescind(relid, offer);
  }
}
