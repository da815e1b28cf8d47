import type { PhysicalDisk } from '../../model/host-model.js';
import { invariant } from '../defect.js';
import { IntQueue } from '../int-queue.js';
import { RandomStream } from '../random.js';
import type { TimerOwner, Timers } from '../timers.js';
import type { CostLedger } from '../trace/cost-ledger.js';
import type { Timeline } from '../trace/timeline.js';
import { createDiskMechanics, type DiskMechanics } from './disk-mechanics.js';
import { DriveBuffer } from './drive-buffer.js';
import { WriteCache } from './write-cache.js';

/** Who asked for an operation hears of its end. */
export interface DiskClient {
  diskDone(tag: number): void;
  /** The disk has failed: nothing was read or written. */
  diskFailed(tag: number): void;
}

/**
 * A physical disk: operations wait for a unit (a spindle or a parallel channel), are served by its mechanics, and
 * answer. The array controller in front of spindles answers writes from its cache and destages them when a spindle
 * has nothing else to do. It can become slow, fail, and be repaired; the power of the host can go.
 */
export class Disk implements TimerOwner {
  busyNs = 0;
  readBytes = 0;
  writtenBytes = 0;
  submitted = 0;
  completed = 0;
  /** Operations that were answered with an error. */
  failed = 0;
  /** Writes that were answered and are lost, because the power went before they were on the medium. */
  readonly lost = { writes: 0, bytes: 0 };
  private readonly mechanics: DiskMechanics;
  private readonly queues: IntQueue[] = [];
  private readonly slots: number[] = [];
  private readonly serving: Int32Array;
  private readonly sinceNs: Float64Array;
  private readonly startedNs: Float64Array;
  private readonly cache: WriteCache | null;
  /** Null where an answered write is safe from a loss of power. */
  private readonly buffer: DriveBuffer | null;
  private slowness = 1;
  private broken = false;
  private readonly errors = new IntQueue();
  private readonly errorsUntil = new IntQueue();
  private readonly errorSlot: number;
  private readonly errorNs: number;
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
    const { units, cache, programNs } = this.mechanics;
    this.cache = cache && new WriteCache(units, cache);
    this.buffer = cache === null && disk.volatileCache ? new DriveBuffer(programNs) : null;
    for (let unit = 0; unit < units; unit++) {
      this.slots.push(timers.add(this, unit));
      if (unit === 0 || this.mechanics.striped) this.queues.push(new IntQueue());
    }
    this.cacheSlot = timers.add(this, units);
    this.errorSlot = timers.add(this, units + 1);
    this.errorNs = costs.get('disk-error').amount;
    this.serving = new Int32Array(units).fill(IDLE);
    this.sinceNs = new Float64Array(units);
    this.startedNs = new Float64Array(units);
  }

  /** Requests that wait or are served. */
  get queueLength(): number {
    return this.submitted - this.completed;
  }

  get units(): number {
    return this.mechanics.units;
  }

  /** From now on operations that reach the medium take this many times as long. */
  slowDown(factor: number): void {
    this.slowness = factor;
  }

  /** It answers every operation with an error, also those that wait for the medium; its cache keeps, and acknowledges, what it holds. */
  fail(): void {
    if (this.broken) return;
    this.broken = true;
    for (const operation of this.drop()) this.answerWithError(operation);
  }

  /** It works again, at its own speed. */
  repair(): void {
    this.slowness = 1;
    this.broken = false;
    for (let unit = 0; unit < this.units; unit++) if (this.serving[unit] === IDLE) this.serveNext(unit);
  }

  /** What is under way comes to nothing; what a volatile cache holds is lost. */
  losePower(): void {
    const dropped = [...this.drop(), ...this.cached.takeAll(), ...this.errors.takeAll()];
    this.cachedUntil.clear();
    this.errorsUntil.clear();
    this.timers.disarm(this.cacheSlot);
    this.timers.disarm(this.errorSlot);
    if (this.disk.volatileCache) {
      const lost = (this.cache ?? this.buffer)!.lose(this.timers.nowNs);
      this.lost.writes += lost.writes;
      this.lost.bytes += lost.bytes;
    }
    for (const operation of dropped) this.endWithError(operation);
  }

  /** Starts an operation at a byte position of the disk; `client` hears of its end with `tag`. */
  submit(position: number, bytes: number, write: boolean, client: DiskClient, tag: number): void {
    this.submitted++;
    const operation = this.create(position, bytes, write, client, tag);
    if (this.broken) {
      this.answerWithError(operation);
      return;
    }
    const { cache } = this;
    if (write && cache?.hasRoom(bytes)) {
      const unit = this.mechanics.unitOf(position);
      const answerNs = this.timers.nowNs + this.mechanics.cache!.answerNs;
      cache.add(unit, position, bytes, answerNs);
      this.cached.push(operation);
      this.cachedUntil.push(answerNs);
      if (!this.timers.armed(this.cacheSlot)) this.timers.arm(this.cacheSlot, answerNs);
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
    if (unit === this.units + 1) {
      this.answerErrors(nowNs);
      return;
    }
    this.accountUnit(unit, nowNs);
    const operation = this.serving[unit]!;
    this.serving[unit] = IDLE;
    this.timeline?.add(`${this.disk.name}/unit ${unit}`, this.nameOf(operation), this.startedNs[unit]!, nowNs);
    if (operation === DESTAGING) this.cache!.destaged(unit);
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
    if (this.broken) return;
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
    } else if (this.cache !== null && this.cache.dirty(unit) > 0) {
      this.serving[unit] = DESTAGING;
      serviceNs = this.mechanics.serviceNs(unit, this.cache.position(unit), 0, true);
    } else {
      return;
    }
    this.sinceNs[unit] = this.timers.nowNs;
    this.startedNs[unit] = this.timers.nowNs;
    this.timers.arm(this.slots[unit]!, this.timers.nowNs + Math.round(serviceNs * this.slowness));
  }

  private nameOf(operation: number): string {
    if (operation === DESTAGING) return 'destage';
    return `${this.writes[operation] ? 'write' : 'read'} ${this.sizes[operation]} bytes`;
  }

  /** Takes every operation out of the units and their queues. */
  private drop(): number[] {
    const dropped: number[] = [];
    for (let unit = 0; unit < this.units; unit++) {
      const operation = this.serving[unit]!;
      if (operation === IDLE) continue;
      this.accountUnit(unit, this.timers.nowNs);
      this.timers.disarm(this.slots[unit]!);
      this.serving[unit] = IDLE;
      if (operation !== DESTAGING) dropped.push(operation);
    }
    for (const queue of this.queues) dropped.push(...queue.takeAll());
    return dropped;
  }

  private answerWithError(operation: number): void {
    const atNs = this.timers.nowNs + this.errorNs;
    this.errors.push(operation);
    this.errorsUntil.push(atNs);
    if (!this.timers.armed(this.errorSlot)) this.timers.arm(this.errorSlot, atNs);
  }

  private endWithError(operation: number): void {
    this.completed++;
    this.failed++;
    this.free.push(operation);
    this.clients[operation]!.diskFailed(this.tags[operation]!);
  }

  private answerErrors(nowNs: number): void {
    while (this.errorsUntil.length > 0 && this.errorsUntil.peek() <= nowNs) {
      this.errorsUntil.shift();
      this.endWithError(this.errors.shift());
    }
    if (this.errorsUntil.length > 0) this.timers.arm(this.errorSlot, this.errorsUntil.peek());
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
    if (this.writes[operation]!) {
      this.writtenBytes += this.sizes[operation]!;
      this.buffer?.add(this.sizes[operation]!, this.timers.nowNs);
    } else this.readBytes += this.sizes[operation]!;
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
