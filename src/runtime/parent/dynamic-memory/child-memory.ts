import { machineOverheadBytes } from '../../../model/admission.js';
import { VMBUS_CLASSES } from '../../../model/catalog/vmbus-classes.js';
import type { DynamicMemory } from '../../../model/dynamic-memory.js';
import { formatBytes } from '../../../model/format.js';
import { BalloonDriver, type BalloonGuest } from '../../child/balloon-driver.js';
import type { ModelledGuest } from '../../child/modelled-guest.js';
import { invariant } from '../../defect.js';
import { PAGE_BYTES, wholePages } from '../../hardware/system-memory.js';
import type { HostParts } from '../../host-parts.js';
import type { Partition } from '../../hypervisor/partition.js';
import { HvStatus } from '../../hypervisor/tlfs/status.js';
import type { TimerOwner } from '../../timers.js';
import { type GuestPages, rangesOf } from '../../vmbus/balloon-messages.js';
import type { ChannelService } from '../../vmbus/host/device.js';
import type { HostChannel } from '../../vmbus/host/host-channel.js';
import type { ChannelEnds, Traffic } from '../../vmbus/traffic.js';
import type { Binding } from '../child-bus.js';
import type { Claim } from './balance.js';
import { BalloonBooks } from './balloon-books.js';
import { type MemoryListener, MemoryService } from './memory-service.js';

/** What a child tells its memory about itself. */
export interface MemorySite {
  parts: HostParts;
  name: string;
  traffic: Traffic;
  bounds: DynamicMemory;
  startupBytes: number;
  demandBytes(): number;
  /** The child now has this many bytes more, or less, of the host's memory. */
  resized(bytes: number): void;
}

/** One child has one such device. */
const INSTANCE_ID = '1eccfd72-4b41-45ef-b73a-4a6e44c12924';
const Clock = { Status: 0, Found: 1 } as const;
/** Weight of the newest reading in the average pressure. */
const NEWEST = 1 / 8;

/** The memory of one child that follows its demand: what its guest says, and what is under way between the two. */
export class ChildMemory implements TimerOwner, MemoryListener, BalloonGuest {
  averagePressurePercent = 0;
  addOperations = 0;
  removeOperations = 0;
  private readonly books = new BalloonBooks();
  private partition: Partition | null = null;
  private channel: HostChannel | null = null;
  private driver: BalloonDriver | null = null;
  private service: MemoryService | null = null;
  /** As the guest reported it; null before it did. */
  private demand: number | null = null;
  private finding = 0;
  private readonly statusSlot: number;
  private readonly foundSlot: number;

  constructor(private readonly site: MemorySite) {
    this.statusSlot = site.parts.timers.add(this, Clock.Status);
    this.foundSlot = site.parts.timers.add(this, Clock.Found);
  }

  /** The partition of a starting child has its first pages; what they lack of the startup memory is smart paging. */
  mapped(partition: Partition): void {
    this.partition = partition;
    this.books.start(Math.ceil(this.site.startupBytes / PAGE_BYTES), partition.space.pages);
  }

  /** The device that is offered to a starting child, and its driver. `settled`: the channel is open, or never will be. */
  offer(guest: ModelledGuest, settled: () => void): Binding {
    const { parts, traffic } = this.site;
    const { costs } = parts;
    const messages = {
      interrupt: costs.get('vsc-interrupt'),
      message: costs.get('vsc-memory-message'),
      page: costs.get('balloon-page'),
    };
    const ringBytes = wholePages(costs.get('ring-memory').amount);
    const driver = new BalloonDriver(guest, this, messages, ringBytes, traffic, settled);
    this.driver = driver;
    const device = {
      title: 'memory',
      interfaceId: VMBUS_CLASSES.dynamicMemory,
      instanceId: INSTANCE_ID,
      messagePipe: false,
      open: (channel: HostChannel) => this.serve(channel),
    };
    return { device, driver, late: true };
  }

  /** Both ends of its channel, or null while it is not open at both. */
  get ends(): ChannelEnds | null {
    const guest = this.driver?.channel;
    return guest && this.channel ? { device: 'memory', guest, host: this.channel } : null;
  }

  /** The child is about to be saved: its guest says nothing, and the balancer leaves it alone. */
  hold(): void {
    this.site.parts.timers.disarm(this.statusSlot);
    this.demand = null;
  }

  /** The pages of a saved state are mapped in a new partition. */
  restored(partition: Partition): void {
    this.partition = partition;
    this.books.visible = Math.max(this.books.visible, partition.space.pages);
  }

  /** The guest comes from another host, where this was its memory. */
  takeOver({ books, averagePressurePercent }: ChildMemory): void {
    this.books.visible = books.visible;
    this.books.ballooned = books.ballooned;
    this.averagePressurePercent = averagePressurePercent;
  }

  /** The guest has booted, or is back: from now on it tells what it needs. */
  goOn(): void {
    const { timers } = this.site.parts;
    if (this.ends) timers.arm(this.statusSlot, timers.nowNs + this.periodNs);
  }

  /** The child is gone, and its partition with it. */
  disconnect(): void {
    const { timers } = this.site.parts;
    timers.disarm(this.statusSlot);
    timers.disarm(this.foundSlot);
    this.partition = null;
    this.channel = null;
    this.driver = null;
    this.service = null;
    this.demand = null;
    this.books.clear();
  }

  get visiblePages(): number {
    return this.books.visible;
  }

  get smartPagedPages(): number {
    return this.books.smartPaged;
  }

  get bounds(): DynamicMemory {
    return this.site.bounds;
  }

  /** Home of its pages where nodes are not spanned. */
  get node(): number | null {
    return this.partition?.onlyNode ?? null;
  }

  get pressurePercent(): number {
    const pages = this.partition?.space.pages ?? 0;
    return this.demand === null || pages === 0 ? 0 : (100 * this.demand) / pages;
  }

  /** Something was asked of the guest and is not answered. */
  get busy(): boolean {
    return this.books.busy;
  }

  /** What the balancer must know; null as long as the guest has said nothing. */
  claim(): Claim | null {
    const { bounds } = this.site;
    if (this.demand === null || this.partition === null || !this.channel?.isOpen) return null;
    return {
      assigned: this.partition.space.pages + this.books.promised,
      demand: this.demand,
      minimum: Math.ceil(bounds.minimumBytes / PAGE_BYTES),
      maximum: Math.floor(bounds.maximumBytes / PAGE_BYTES),
      bufferPercent: bounds.bufferPercent,
      priority: bounds.priority,
    };
  }

  /** Asks the guest to give up pages; what smart paging backs goes first and frees nothing. */
  takeBack(pages: number): void {
    this.books.ask(pages);
    this.service!.takeBack(pages);
  }

  /** Gives the guest up to `pages` pages that cost no more than `available`; returns what they cost, overhead included. */
  give(pages: number, available: number): number {
    const { ballooned, smartPaged, visible } = this.books;
    const inside = ballooned > 0 ? ballooned : smartPaged;
    const most = Math.min(pages, available, inside === 0 ? pages : inside);
    const overhead = inside === 0 ? this.overheadPages(visible + most) - this.overheadPages(visible) : 0;
    const count = Math.min(most, available - overhead);
    if (count <= 0) return 0;
    this.books.promised = count;
    this.site.resized((count + overhead) * PAGE_BYTES);
    if (inside === 0) this.hotAdd(count, overhead);
    else if (ballooned > 0) this.giveBack(count);
    else this.fillIn(count);
    return count + overhead;
  }

  // --- MemoryListener -----------------------------------------------------------------------------------------

  status(committedPages: number): boolean {
    const first = this.demand === null;
    this.demand = Math.max(0, committedPages - this.books.ballooned);
    const pressure = this.pressurePercent;
    this.averagePressurePercent = first
      ? pressure
      : this.averagePressurePercent + (pressure - this.averagePressurePercent) * NEWEST;
    return true;
  }

  released(ranges: readonly GuestPages[], more: boolean): boolean {
    const released = this.books.released(ranges, more);
    if (released === null) return false;
    const { pages, lent } = released;
    const status = this.partition!.unmapGpaPages(pages - lent);
    invariant(status === HvStatus.Success, 'a guest gave up pages that it did not have');
    this.removeOperations++;
    this.site.resized((lent - pages) * PAGE_BYTES);
    return true;
  }

  taken(): boolean {
    return this.books.taken();
  }

  hotAdded(pages: number): boolean {
    return this.books.hotAdded(pages);
  }

  // --- BalloonGuest -------------------------------------------------------------------------------------------

  get bootPages(): number {
    return this.books.visible;
  }

  get balloonPages(): number {
    return this.books.ballooned;
  }

  demandPages(): number {
    return Math.ceil(this.site.demandBytes() / PAGE_BYTES);
  }

  findPages(pages: number): void {
    const { timers, costs } = this.site.parts;
    const bytesPerSecond = Math.max(1, costs.get('balloon-rate').amount);
    this.finding = pages;
    timers.arm(this.foundSlot, timers.nowNs + Math.round((pages * PAGE_BYTES * 1e9) / bytesPerSecond));
  }

  fire(clock: number): void {
    if (clock === Clock.Found) {
      this.driver!.found(this.finding);
      return;
    }
    const { timers } = this.site.parts;
    this.driver!.report();
    timers.arm(this.statusSlot, timers.nowNs + this.periodNs);
  }

  private serve(channel: HostChannel): ChannelService {
    const { parts, name, traffic } = this.site;
    const { costs, root } = parts;
    const work = {
      message: costs.get('vsp-memory-message'),
      remapGigabyte: costs.get('remap-gigabyte'),
      signal: costs.get('hypercall'),
    };
    this.channel = channel;
    this.service = new MemoryService(`dynamic memory of ${name}`, channel, root, work, this, traffic);
    return this.service;
  }

  private get periodNs(): number {
    return Math.max(1, this.site.parts.costs.get('memory-status').amount);
  }

  private giveBack(pages: number): void {
    this.service!.giveBack(rangesOf(this.books.lowest(pages)), () => {
      this.map(pages);
      this.books.giveBack(pages);
    });
  }

  /** The guest believes to have them. */
  private fillIn(pages: number): void {
    this.service!.fillIn(pages, () => {
      this.map(pages);
      this.books.fillIn(pages);
    });
  }

  private hotAdd(pages: number, overheadPages: number): void {
    const { log } = this.site.parts;
    this.service!.hotAdd({ start: this.books.visible, count: pages }, () => {
      const status = this.partition!.deposit(overheadPages);
      invariant(status === HvStatus.Success, 'memory for the overhead of a hot add was not there');
      this.map(pages);
      this.books.hotAdd(pages);
      log.record('memory', this.site.name, 'hot add', { detail: formatBytes(pages * PAGE_BYTES) });
    });
  }

  /** The pages go to the partition; the guest hears of it next. */
  private map(pages: number): void {
    const status = this.partition!.mapGpaPages(pages);
    invariant(status === HvStatus.Success, 'promised memory was not there');
    this.addOperations++;
  }

  private overheadPages(visiblePages: number): number {
    return Math.ceil(machineOverheadBytes(visiblePages * PAGE_BYTES) / PAGE_BYTES);
  }
}
