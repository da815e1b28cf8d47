import type { PhysicalDisk } from '../../model/host-model.js';
import { invariant } from '../defect.js';
import { IntQueue } from '../int-queue.js';
import { RandomStream } from '../random.js';
import type { TimerOwner, Timers } from '../timers.js';
import type { CostLedger } from '../trace/cost-ledger.js';
import type { Timeline } from '../trace/timeline.js';
import { createDiskMechanics, type DiskMechanics } from './disk-mechanics.js';

/** Who asked for an operation hears of its end. */
export interface DiskClient {
  diskDone(tag: number): void;
}

/**
 * A physical disk: operations wait for a unit (a spindle or a parallel channel), are served by its mechanics, and
 * answer. The array controller in front of spindles answers writes from its cache and destages them when a spindle
 * has nothing else to do.
 */
export class Disk implements TimerOwner {
  busyNs = 0;
  readBytes = 0;
  writtenBytes = 0;
  submitted = 0;
  completed = 0;
  private readonly mechanics: DiskMechanics;
  private readonly queues: IntQueue[] = [];
  private readonly slots: number[] = [];
  private readonly serving: Int32Array;
  private readonly sinceNs: Float64Array;
  private readonly startedNs: Float64Array;
  private readonly dirty: Int32Array;
  private readonly dirtyPosition: Float64Array;
  private dirtyBytes = 0;
  private readonly cached = new IntQueue();
  private readonly cachedUntil = new IntQueue();
  private readonly cacheSlot: number;
  // Operations, by column.
  private readonly free = new IntQueue();
  private readonly clients: DiskClient[] = [];
  private readonly tags: number[] = [];
  private readonly positions: number[] = [];
  private readonly sizes: number[] = [];
  private readonly writes: boolean[] = [];

  constructor(
    private readonly timers: Timers,
    readonly disk: PhysicalDisk,
    costs: CostLedger,
    seed: number,
    private readonly timeline: Timeline | null,
  ) {
    this.mechanics = createDiskMechanics(disk, costs, new RandomStream(seed, `disk ${disk.name}`));
    const { units } = this.mechanics;
    for (let unit = 0; unit < units; unit++) {
      this.slots.push(timers.add(this, unit));
      if (unit === 0 || this.mechanics.striped) this.queues.push(new IntQueue());
    }
    this.cacheSlot = timers.add(this, units);
    this.serving = new Int32Array(units).fill(-1);
    this.sinceNs = new Float64Array(units);
    this.startedNs = new Float64Array(units);
    this.dirty = new Int32Array(units);
    this.dirtyPosition = new Float64Array(units);
  }

  /** Requests that wait or are served. */
  get queueLength(): number {
    return this.submitted - this.completed;
  }

  get units(): number {
    return this.mechanics.units;
  }

  /** Starts an operation at a byte position of the disk; `client` hears of its end with `tag`. */
  submit(position: number, bytes: number, write: boolean, client: DiskClient, tag: number): void {
    this.submitted++;
    const operation = this.create(position, bytes, write, client, tag);
    const { cache } = this.mechanics;
    if (write && cache && this.dirtyBytes + bytes <= cache.bytes) {
      const unit = this.mechanics.unitOf(position);
      this.dirtyBytes += bytes;
      this.dirty[unit] = this.dirty[unit]! + 1;
      this.dirtyPosition[unit] = position;
      this.cached.push(operation);
      this.cachedUntil.push(this.timers.nowNs + cache.answerNs);
      if (!this.timers.armed(this.cacheSlot)) this.timers.arm(this.cacheSlot, this.timers.nowNs + cache.answerNs);
      if (this.serving[unit] === IDLE) this.serveNext(unit);
      return;
    }
    if (this.mechanics.striped) {
      const unit = this.mechanics.unitOf(position);
      this.queues[unit]!.push(operation);
      if (this.serving[unit] === IDLE) this.serveNext(unit);
      return;
    }
    this.queues[0]!.push(operation);
    const unit = this.serving.indexOf(IDLE);
    if (unit >= 0) this.serveNext(unit);
  }

  fire(unit: number, nowNs: number): void {
    if (unit === this.units) {
      this.answerFromCache(nowNs);
      return;
    }
    this.accountUnit(unit, nowNs);
    const operation = this.serving[unit]!;
    this.serving[unit] = IDLE;
    this.timeline?.add(`${this.disk.name}/unit ${unit}`, this.nameOf(operation), this.startedNs[unit]!, nowNs);
    if (operation === DESTAGING) this.destaged(unit);
    else this.finish(operation);
    if (this.serving[unit] === IDLE) this.serveNext(unit);
  }

  /** Brings the busy time up to now. */
  account(): void {
    for (let unit = 0; unit < this.units; unit++)
      if (this.serving[unit] !== IDLE) this.accountUnit(unit, this.timers.nowNs);
  }

  private accountUnit(unit: number, nowNs: number): void {
    this.busyNs += nowNs - this.sinceNs[unit]!;
    this.sinceNs[unit] = nowNs;
  }

  private serveNext(unit: number): void {
    const queue = this.queues[this.mechanics.striped ? unit : 0]!;
    const operation = queue.shift();
    let serviceNs: number;
    if (operation >= 0) {
      this.serving[unit] = operation;
      serviceNs = this.mechanics.serviceNs(
        unit,
        this.positions[operation]!,
        this.sizes[operation]!,
        this.writes[operation]!,
      );
    } else if (this.dirty[unit]! > 0) {
      this.serving[unit] = DESTAGING;
      serviceNs = this.mechanics.serviceNs(unit, this.dirtyPosition[unit]!, 0, true);
    } else {
      return;
    }
    this.sinceNs[unit] = this.timers.nowNs;
    this.startedNs[unit] = this.timers.nowNs;
    this.timers.arm(this.slots[unit]!, this.timers.nowNs + serviceNs);
  }

  private nameOf(operation: number): string {
    if (operation === DESTAGING) return 'destage';
    return `${this.writes[operation] ? 'write' : 'read'} ${this.sizes[operation]} bytes`;
  }

  private destaged(unit: number): void {
    const total = this.dirty.reduce((sum, count) => sum + count, 0);
    const count = Math.min(this.dirty[unit]!, this.mechanics.cache?.coalescing ?? 1);
    this.dirtyBytes -= Math.round((this.dirtyBytes * count) / total);
    this.dirty[unit] = this.dirty[unit]! - count;
  }

  private answerFromCache(nowNs: number): void {
    while (this.cachedUntil.length > 0 && this.cachedUntil.peek() <= nowNs) {
      this.cachedUntil.shift();
      this.finish(this.cached.shift());
    }
    if (this.cachedUntil.length > 0) this.timers.arm(this.cacheSlot, this.cachedUntil.peek());
  }

  private finish(operation: number): void {
    invariant(operation >= 0, 'a disk finished nothing');
    this.completed++;
    if (this.writes[operation]!) this.writtenBytes += this.sizes[operation]!;
    else this.readBytes += this.sizes[operation]!;
    this.free.push(operation);
    this.clients[operation]!.diskDone(this.tags[operation]!);
  }

  private create(position: number, bytes: number, write: boolean, client: DiskClient, tag: number): number {
    const recycled = this.free.shift();
    const operation = recycled >= 0 ? recycled : this.clients.length;
    this.clients[operation] = client;
    this.tags[operation] = tag;
    this.positions[operation] = position;
    this.sizes[operation] = bytes;
    this.writes[operation] = write;
    return operation;
  }
}

const IDLE = -1;
const DESTAGING = -2;
