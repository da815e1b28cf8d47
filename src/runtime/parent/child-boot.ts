import type { Child } from '../../model/host-model.js';
import { GuestBoot } from '../child/guest-boot.js';
import type { GuestDevice } from '../child/guest-device.js';
import type { ModelledGuest } from '../child/modelled-guest.js';
import type { HostParts } from '../host-parts.js';
import { type ChildDevices, openDevices } from './child-devices.js';
import type { ChildMemory } from './dynamic-memory/child-memory.js';
import { SmartPaging } from './dynamic-memory/smart-paging.js';
import type { DiskFile } from './storage-provider.js';

/** What a boot needs of the child it belongs to. */
export interface BootingChild {
  child: Child;
  guest: ModelledGuest;
  devices: ChildDevices;
  /** Null where its memory stays what it starts with. */
  dynamic: ChildMemory | null;
  /** Where a file of the parent lends memory lies; absent without a disk. */
  firstDisk: DiskFile | undefined;
}

/** Hears how a boot ends. */
export interface BootListener {
  /** The guest has every device it is going to have. */
  served(): void;
  /** Its disk failed. */
  failed(): void;
}

/** From the firmware, or from a state without drivers, to a guest whose devices are served. */
export class ChildBoot {
  private readonly smartPaging: SmartPaging | null;

  constructor(
    private readonly parts: HostParts,
    private readonly site: BootingChild,
    private readonly listener: BootListener,
  ) {
    this.smartPaging = this.createSmartPaging();
  }

  /** The firmware is done: the operating system boots on VP 0. */
  begin(): void {
    const { timers, costs } = this.parts;
    const { guest, devices } = this.site;
    const beganNs = timers.nowNs;
    const paging = this.smartPaging;
    new GuestBoot(guest, devices.boot, costs, {
      connect: (then) => devices.bus.connect(then),
      pageIn: (parts, then) => (paging ? paging.pageIn(parts, then) : then()),
      booted: () => this.booted(beganNs),
    }).begin();
  }

  /** The guest goes on with its work from a state without drivers: they are bound anew. */
  bind(): void {
    const { guest, devices } = this.site;
    const ns = () => this.parts.costs.get('guest-boot').chargeNs(1, 0);
    guest.runSystem(ns(), () => devices.bus.connect(() => guest.runSystem(ns(), () => this.loadServices())));
  }

  stop(): void {
    this.smartPaging?.stop();
  }

  /** The operating system is up and loads its services. */
  private booted(beganNs: number): GuestDevice | null {
    const { timers, log } = this.parts;
    const { name, operatingSystem } = this.site.child;
    log.record('boot', name, 'guest operating system started', {
      detail: operatingSystem,
      durationNs: timers.nowNs - beganNs,
    });
    return this.loadServices();
  }

  private loadServices(): GuestDevice | null {
    return this.site.devices.bus.loadServices(() => this.served());
  }

  private served(): void {
    const { log, architecture } = this.parts;
    const { child, devices } = this.site;
    const { greeting, connected } = architecture.devices;
    for (const { title, detail } of greeting(child)) log.record('vmbus', child.name, title, { detail });
    for (const { device, channels } of openDevices(devices)) {
      log.record('vmbus', child.name, connected(device), channels > 1 ? { detail: `${channels} channels` } : undefined);
    }
    this.listener.served();
  }

  private createSmartPaging(): SmartPaging | null {
    const { costs, root } = this.parts;
    const { child, dynamic, firstDisk } = this.site;
    if (!dynamic || dynamic.smartPagedPages === 0 || !firstDisk) return null;
    const clusterBytes = Math.max(4096, costs.get('paging-cluster').amount);
    const lentPages = () => dynamic.smartPagedPages;
    return new SmartPaging(child.name, root, firstDisk, costs.get('smart-paging-fault'), clusterBytes, lentPages, () =>
      this.listener.failed(),
    );
  }
}
