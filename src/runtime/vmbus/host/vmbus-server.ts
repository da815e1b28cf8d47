import type { PlainState, StateReader } from '../../child/snapshot/plain-state.js';
import { HvStatus, statusName } from '../../hypervisor/tlfs/status.js';
import { MonitorPage } from '../monitor-page.js';
import { MACHINE_VERSIONS, VERSION_2_4, VERSION_5_3, type VmbusVersion, versionText } from '../versions.js';
import { type ChannelBus, Channels } from './channels.js';
import { CHANNEL_MESSAGE, EVENT_CONNECTION, FIRST_CONNECTION, refusedPost, refusedSignal } from './connection-ids.js';
import type { VmbusDevice } from './device.js';
import { GpadlTable } from './gpadl.js';
import { GpadlMessages } from './gpadl-messages.js';
import * as message from './messages.js';
import { MonitoredNotifications } from './monitored-notifications.js';
import { type Offer, saveOffer } from './offer.js';
import { MAX_RELID, OfferTable } from './offer-table.js';
import { SharedInterrupts } from './shared-interrupts.js';
import type { VmbusHost } from './vmbus-host.js';

type InitiateContact = Extract<message.GuestMessage, { type: 'initiate contact' }>;

/** The parent's end of VMBus for one child: versions and offers, and where what the child says of GPADLs and channels goes. */
export class VmbusServer {
  private version: VmbusVersion | null = null;
  private sharedInterrupts: SharedInterrupts | null = null;
  private offersRequested = false;
  private readonly monitors = new MonitoredNotifications((connection) => this.signalEvent(connection, 0));
  private readonly offers = new OfferTable(this.monitors);
  private readonly gpadls: GpadlTable;
  private readonly gpadlMessages: GpadlMessages;
  private readonly channels: Channels;

  constructor(private readonly host: VmbusHost) {
    const bus: ChannelBus = {
      send: (payload) => this.send(payload),
      ignored: (reason) => this.ignored(reason),
      sharedInterrupts: () => this.sharedInterrupts,
      offerChannel: (device, subChannel) => this.offerChannel(device, subChannel),
    };
    this.gpadls = new GpadlTable(host.memory.bytes);
    this.gpadlMessages = new GpadlMessages(this.gpadls, this.offers, bus);
    this.channels = new Channels(host, this.offers, this.gpadls, bus);
  }

  /** Offers a device, at once where the guest has asked for offers already. Throws RangeError when no channel is left. */
  offer(device: VmbusDevice): void {
    if (!this.offerChannel(device, 0)) throw new RangeError(`a partition has at most ${MAX_RELID} channels`);
  }

  /** Takes an offer back: the guest removes the device. */
  rescind(device: VmbusDevice): void {
    for (const [relid, offer] of this.offers.entries()) {
      if (offer.device === device) this.channels.rescind(relid, offer);
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
    serve(offer);
    return HvStatus.Success;
  }

  /** The guest was away with its memory and is back: what was to be said meanwhile is said now. */
  goOn(): void {
    for (const offer of this.offers.values()) serve(offer);
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
      this.channels.close(offer);
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
    for (const saved of state.at('offers').list(MAX_RELID))
      this.channels.restore(...this.offers.restore(saved, devices), saved);
    this.monitors.resume(monitors);
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
        this.channels.openByGuest(received);
        break;
      case 'close channel':
        this.channels.closeByGuest(received.relid);
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

  /** false: no channel is left. */
  private offerChannel(device: VmbusDevice, subChannel: number): boolean {
    const relid = this.offers.add(device, subChannel);
    if (relid === null) return false;
    if (this.offersRequested) this.tell(relid, this.offers.get(relid)!);
    return true;
  }

  private modifyChannel(relid: number): void {
    if ((this.version ?? 0) < VERSION_5_3) return; // older versions have no answer
    const status = this.offers.get(relid) !== undefined ? message.SUCCESS : message.UNSUCCESSFUL;
    this.send(message.modifyChannelResponse(relid, status));
  }

  private ignored(reason: string): void {
    this.host.report({ type: 'message ignored', reason });
  }

  private send(payload: Uint8Array): void {
    const status = this.host.messages.post(CHANNEL_MESSAGE, payload);
    if (status !== HvStatus.Success) this.host.report({ type: 'message refused', reason: statusName(status) });
  }
}

/** Looks for what the guest has written to its channel, and for room that it has made there. */
function serve({ open }: Offer): void {
  open?.channel.flush();
  open?.service.signalled();
}
