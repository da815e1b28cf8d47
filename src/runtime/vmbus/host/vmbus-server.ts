import type { PlainState, StateReader } from '../../child/snapshot/plain-state.js';
import type { EventConnection } from '../../hypervisor/tlfs/connections.js';
import { HvStatus, statusName } from '../../hypervisor/tlfs/status.js';
import { MonitorPage } from '../monitor-page.js';
import { RingBuffer } from '../ring-buffer.js';
import { sharedBytes } from '../shared-bytes.js';
import { MACHINE_VERSIONS, VERSION_2_4, VERSION_5_3, type VmbusVersion, versionText } from '../versions.js';
import { CHANNEL_MESSAGE, EVENT_CONNECTION, FIRST_CONNECTION, refusedPost, refusedSignal } from './connection-ids.js';
import { isSavable, type VmbusDevice } from './device.js';
import { GpadlTable } from './gpadl.js';
import { GpadlMessages } from './gpadl-messages.js';
import { HostChannel } from './host-channel.js';
import * as message from './messages.js';
import { MonitoredNotifications } from './monitored-notifications.js';
import { cannotBeSaved, type Offer, openFault, saveOffer } from './offer.js';
import { MAX_RELID, OfferTable } from './offer-table.js';
import { connectInterrupts, interruptBy, SharedInterrupts } from './shared-interrupts.js';
import type { VmbusHost } from './vmbus-host.js';

type InitiateContact = Extract<message.GuestMessage, { type: 'initiate contact' }>;

/** The parent's end of VMBus for one child: offers, GPADLs, channels, and what the child says about them. */
export class VmbusServer {
  private version: VmbusVersion | null = null;
  private sharedInterrupts: SharedInterrupts | null = null;
  private offersRequested = false;
  private readonly monitors = new MonitoredNotifications((connection) => this.signalEvent(connection, 0));
  private readonly offers = new OfferTable(this.monitors);
  private readonly gpadls: GpadlTable;
  private readonly gpadlMessages: GpadlMessages;

  constructor(private readonly host: VmbusHost) {
    this.gpadls = new GpadlTable(host.memory.bytes);
    this.gpadlMessages = new GpadlMessages(this.gpadls, this.offers, {
      send: (payload) => this.send(payload),
      ignored: (reason) => this.ignored(reason),
    });
  }

  /** Offers a device, at once where the guest has asked for offers already. Throws RangeError when no channel is left. */
  offer(device: VmbusDevice): void {
    if (!this.offerChannel(device, 0)) throw new RangeError(`a partition has at most ${MAX_RELID} channels`);
  }

  /** Takes an offer back: the guest removes the device. */
  rescind(device: VmbusDevice): void {
    for (const [relid, offer] of this.offers.entries()) {
      if (offer.device === device) this.rescindOffer(relid, offer);
    }
  }

  /** HvCallPostMessage to the message port. */
  postMessage(connectionId: number, type: number, payload: Uint8Array): HvStatus {
    const refused = refusedPost(connectionId, this.offers);
    if (refused !== null) return refused;
    if (!this.host.messages.hasRoom()) return HvStatus.InsufficientBuffers;
    const decoded = type === CHANNEL_MESSAGE ? message.decodeMessage(payload) : null;
    if (decoded === null) this.ignored('a message is unknown or too short');
    else if (this.version === null && decoded.type !== 'initiate contact' && decoded.type !== 'unload') {
      this.ignored(`'${decoded.type}' came before a version was agreed`);
    } else this.receive(decoded);
    return HvStatus.Success;
  }

  /** HvCallSignalEvent: the guest has written to a channel or made room in it. */
  signalEvent(connectionId: number, flag: number): HvStatus {
    if (connectionId === EVENT_CONNECTION && this.sharedInterrupts !== null) {
      for (const relid of this.sharedInterrupts.takeFromGuest()) this.signalEvent(FIRST_CONNECTION + relid, 0);
      return HvStatus.Success;
    }
    const offer = this.offers.get(connectionId - FIRST_CONNECTION);
    if (offer === undefined) return refusedSignal(connectionId);
    if (offer.rescinded) return HvStatus.InvalidPortId;
    if (flag !== 0) return HvStatus.InvalidParameter;
    offer.open?.channel.flush();
    offer.open?.service.signalled();
    return HvStatus.Success;
  }

  /**
   * The hypervisor looks for channels that the guest has signalled by its monitor page. Nanoseconds until it has to look
   * again, or null: not before the guest sets another trigger.
   */
  lookAtMonitors(nowNs: number): number | null {
    return this.monitors.look(nowNs);
  }

  /** What went over each open channel. */
  traffic(): { device: string; fromGuest: number; toGuest: number; interrupts: number }[] {
    return [...this.offers.values()].flatMap(({ device, open }) =>
      open === null ? [] : [{ device: device.title, ...open.channel.traffic }],
    );
  }

  /** Closes everything, as when the partition is turned off. */
  close(): void {
    this.monitors.use(null);
    for (const [relid, offer] of this.offers.entries()) {
      this.closeChannel(offer);
      offer.told = false;
      if (offer.rescinded || offer.subChannel > 0) this.offers.delete(relid);
    }
    this.gpadls.clear();
    this.version = null;
    this.sharedInterrupts = null;
    this.offersRequested = false;
  }

  /** Throws SnapshotError where a device that the guest uses cannot be saved. */
  save(): PlainState {
    return {
      version: 3,
      connection: this.version,
      interruptPage: this.sharedInterrupts?.page ?? null,
      monitorPage: this.monitors.page?.gpa ?? null,
      offersRequested: this.offersRequested,
      gpadls: this.gpadls.save(),
      offers: [...this.offers.entries()].map(([relid, offer]) => saveOffer(relid, offer)),
    };
  }

  /** Takes the place of the offers made so far; the devices behind them stay. Throws SnapshotError. */
  restore(state: StateReader): void {
    state.version(3);
    const devices = new Map([...this.offers.values()].map(({ device }) => [device.instanceId, device]));
    const { memory } = this.host;
    this.offers.clear();
    this.version = state.at('connection').orNull((version) => version.integer(0, 0xffffffff));
    this.sharedInterrupts = SharedInterrupts.restore(memory, state.at('interruptPage'));
    const monitors = MonitorPage.restore(memory, state.at('monitorPage'));
    this.offersRequested = state.at('offersRequested').flag();
    this.gpadls.restore(state.at('gpadls'));
    for (const saved of state.at('offers').list(MAX_RELID)) this.restoreOffer(saved, devices);
    this.monitors.resume(monitors);
  }

  private restoreOffer(saved: StateReader, devices: Map<string, VmbusDevice>): void {
    const [relid, offer] = this.offers.restore(saved, devices);
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
    const events = connectInterrupts(this.host, this.sharedInterrupts, relid, open.targetVp);
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

  private receive(received: message.GuestMessage): void {
    switch (received.type) {
      case 'initiate contact':
        this.negotiate(received);
        break;
      case 'request offers':
        this.requestOffers();
        break;
      case 'gpadl header':
      case 'gpadl body':
      case 'gpadl teardown':
        this.gpadlMessages.receive(received);
        break;
      case 'open channel':
        this.openChannel(received);
        break;
      case 'close channel':
        this.closeByGuest(received.relid);
        break;
      case 'relid released':
        if (this.offers.get(received.relid)?.rescinded) this.offers.delete(received.relid);
        break;
      case 'unload':
        this.close();
        this.send(message.unloadComplete());
        this.host.report({ type: 'unloaded' });
        break;
      case 'modify channel':
        this.modifyChannel(received.relid);
        break;
    }
  }

  /** A new contact forgets the old connection: the guest may have started another kernel. */
  private negotiate({ version, interruptPage, monitorPage }: InitiateContact): void {
    this.close();
    const { memory, versions = MACHINE_VERSIONS } = this.host;
    const known = versions.includes(version);
    if (known && version < VERSION_2_4) this.sharedInterrupts = SharedInterrupts.at(memory, interruptPage);
    const supported = known && (version >= VERSION_2_4 || this.sharedInterrupts !== null);
    if (supported) {
      this.version = version;
      this.monitors.use(MonitorPage.at(memory, monitorPage));
    }
    this.host.report({ type: supported ? 'connected' : 'version refused', version: versionText(version) });
    this.send(message.versionResponse(supported, version));
  }

  private requestOffers(): void {
    if (this.offersRequested) {
      this.ignored('offers were requested twice');
      return;
    }
    this.offersRequested = true;
    for (const [relid, offer] of this.offers.entries()) this.tell(relid, offer);
    this.send(message.allOffersDelivered());
  }

  private tell(relid: number, offer: Offer): void {
    offer.told = true;
    const { subChannel } = offer;
    const monitor = this.monitors.page === null ? null : offer.monitor;
    const { interfaceId, instanceId, messagePipe, mmioMegabytes } = offer.device;
    const device = { interfaceId, instanceId, messagePipe, mmioMegabytes };
    this.send(message.offerChannel({ relid, connectionId: FIRST_CONNECTION + relid, ...device, subChannel, monitor }));
  }

  private openChannel(request: Extract<message.GuestMessage, { type: 'open channel' }>): void {
    const { relid, openId, gpadl, targetVp, downstreamPage } = request;
    const offer = this.offers.get(relid);
    const pages = this.gpadls.pages(gpadl, relid);
    const events = connectInterrupts(this.host, this.sharedInterrupts, relid, targetVp);
    const fault = openFault(offer, pages, downstreamPage, events);
    if (offer === undefined || pages === null || typeof events === 'number' || fault !== null) {
      this.ignored(`channel ${relid} is not opened: ${fault}`);
      this.send(message.openChannelResult(relid, openId, message.UNSUCCESSFUL));
      return;
    }
    const channel = this.connect(relid, offer, pages, downstreamPage, events);
    this.host.report({ type: 'channel opened', device: offer.device.title, pages: pages.length });
    this.send(message.openChannelResult(relid, openId, message.SUCCESS));
    const service = offer.device.open(channel, offer.subChannel);
    if (channel.isOpen) offer.open = { channel, gpadl, downstreamPage, targetVp, events, service };
    else service.closed(); // it broke at its first packet
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
      interrupt: interruptBy(events, this.sharedInterrupts, relid),
      broken: (reason) => this.channelBroken(offer, reason),
      pages: (handle) => this.gpadls.pages(handle, relid),
      offerSubChannels: (count) => this.offerSubChannels(offer.device, count),
    });
  }

  /** false: no channel is left. */
  private offerChannel(device: VmbusDevice, subChannel: number): boolean {
    const relid = this.offers.add(device, subChannel);
    if (relid === null) return false;
    if (this.offersRequested) this.tell(relid, this.offers.get(relid)!);
    return true;
  }

  /** A guest that asks again gets those that it has not yet. */
  private offerSubChannels(device: VmbusDevice, count: number): void {
    for (const subChannel of this.offers.missingSubChannels(device, count))
      if (!this.offerChannel(device, subChannel)) return;
  }

  private rescindOffer(relid: number, offer: Offer): void {
    if (offer.rescinded) return;
    offer.rescinded = true;
    this.closeChannel(offer);
    if (offer.told) this.send(message.rescindChannelOffer(relid));
    else this.offers.delete(relid);
  }

  /** Further channels of a device live as long as its own. */
  private rescindSubChannels({ device, subChannel }: Offer): void {
    if (subChannel > 0) return;
    for (const [relid, offer] of this.offers.subChannelsOf(device)) this.rescindOffer(relid, offer);
  }

  private closeByGuest(relid: number): void {
    const offer = this.offers.get(relid);
    if (offer === undefined) this.ignored(`channel ${relid} is closed but not offered`);
    else {
      this.closeChannel(offer);
      this.rescindSubChannels(offer);
    }
  }

  private modifyChannel(relid: number): void {
    if ((this.version ?? 0) < VERSION_5_3) return; // older versions have no answer
    const status = this.offers.get(relid) !== undefined ? message.SUCCESS : message.UNSUCCESSFUL;
    this.send(message.modifyChannelResponse(relid, status));
  }

  private closeChannel(offer: Offer): void {
    const { open } = offer;
    if (open === null) return;
    offer.open = null;
    open.events.deletePort();
    open.channel.close();
    open.service.closed();
    this.host.report({ type: 'channel closed', device: offer.device.title });
  }

  private channelBroken(offer: Offer, reason: string): void {
    offer.open?.events.deletePort();
    offer.open?.service.closed();
    offer.open = null;
    this.host.report({ type: 'channel broken', device: offer.device.title, reason });
    this.rescindSubChannels(offer);
  }

  private ignored(reason: string): void {
    this.host.report({ type: 'message ignored', reason });
  }

  private send(payload: Uint8Array): void {
    const status = this.host.messages.post(CHANNEL_MESSAGE, payload);
    if (status !== HvStatus.Success) this.host.report({ type: 'message refused', reason: statusName(status) });
  }
}
