import { SnapshotError, type StateReader } from '../../child/snapshot/plain-state.js';
import { MONITORS } from '../monitor-page.js';
import { FIRST_CONNECTION } from './connection-ids.js';
import type { VmbusDevice } from './device.js';
import type { MonitoredNotifications } from './monitored-notifications.js';
import type { Offer } from './offer.js';

export const MAX_RELID = 2047;

/** What is offered to one child: each device, and each further channel of one, under its relation id, with its monitor. */
export class OfferTable {
  private readonly offers = new Map<number, Offer>();

  constructor(private readonly monitors: MonitoredNotifications) {}

  get(relid: number): Offer | undefined {
    return this.offers.get(relid);
  }

  entries(): IterableIterator<[relid: number, offer: Offer]> {
    return this.offers.entries();
  }

  *values(): Generator<Offer> {
    yield* this.offers.values();
  }

  /** The relation id, or null where none is left. */
  add(device: VmbusDevice, subChannel: number): number | null {
    let relid = 1;
    while (this.offers.has(relid)) relid++;
    if (relid > MAX_RELID) return null;
    const { monitorLatencyNs } = device;
    const monitor = monitorLatencyNs ? this.monitors.assign(FIRST_CONNECTION + relid, monitorLatencyNs) : null;
    this.offers.set(relid, { device, subChannel, monitor, rescinded: false, told: false, open: null });
    return relid;
  }

  delete(relid: number): void {
    const monitor = this.offers.get(relid)?.monitor ?? null;
    if (monitor !== null) this.monitors.release(monitor);
    this.offers.delete(relid);
  }

  clear(): void {
    this.offers.clear();
    this.monitors.clear();
  }

  /** Of this many further channels of a device, those that are not offered. */
  missingSubChannels(device: VmbusDevice, count: number): number[] {
    const offered = new Set<number>();
    for (const offer of this.offers.values())
      if (offer.device === device && !offer.rescinded) offered.add(offer.subChannel);
    return Array.from({ length: count }, (_, i) => i + 1).filter((subChannel) => !offered.has(subChannel));
  }

  *subChannelsOf(device: VmbusDevice): Generator<[relid: number, offer: Offer]> {
    for (const entry of this.offers) if (entry[1].device === device && entry[1].subChannel > 0) yield entry;
  }

  /** Puts back an offer that was saved, of one of these devices. Throws SnapshotError. */
  restore(saved: StateReader, devices: Map<string, VmbusDevice>): [relid: number, offer: Offer] {
    const relid = saved.at('relid').integer(1, MAX_RELID);
    const device = devices.get(saved.at('instance').text(64));
    if (device === undefined) {
      throw new SnapshotError(`the snapshot has a device that this machine has not: ${saved.at('title').text(256)}`);
    }
    devices.delete(device.instanceId);
    const monitor = saved.at('monitor').orNull((id) => id.integer(0, MONITORS - 1));
    const offer: Offer = {
      device,
      subChannel: saved.at('subChannel').integer(0, 0xffff),
      monitor,
      rescinded: saved.at('rescinded').flag(),
      told: saved.at('told').flag(),
      open: null,
    };
    if (monitor !== null) this.monitors.keep(monitor, FIRST_CONNECTION + relid, device.monitorLatencyNs ?? 0);
    this.offers.set(relid, offer);
    return [relid, offer];
  }
}
