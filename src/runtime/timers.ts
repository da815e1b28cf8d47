import { invariant } from './defect.js';
import { Tournament } from './tournament.js';
import { TraceHash } from './trace/trace-hash.js';

/** Whoever asked to be called at a moment of virtual time. */
export interface TimerOwner {
  fire(argument: number, nowNs: number): void;
}

/** Below 2^53 every integer of nanoseconds is exact in a double: 104 days of virtual time. */
const LAST_NS = Number.MAX_SAFE_INTEGER;
const NONE = -1;

/**
 * Virtual time and everything that will happen in it. Every timer is a slot made before the run; a slot waits for
 * at most one moment, so nothing is allocated, nothing goes stale and the queue is never longer than the host. What
 * comes at the same moment comes in the order in which the slots were made, whenever each of them was armed.
 */
export class Timers {
  private readonly owners: TimerOwner[] = [];
  private readonly arguments: number[] = [];
  /** When each slot is called; Infinity for those that wait for nothing. Those called most often are found in fewer steps. */
  private frequent = new Tournament(0);
  private others = new Tournament(0);
  private frequentCount = 0;
  private readonly hash = new TraceHash();
  private sealed = false;
  private observer = NONE;
  /** The slot whose owner acts and has not armed it again. */
  private firing = NONE;
  nowNs = 0;
  /** Moments that have come so far. */
  fired = 0;

  /** A slot for who is called far more often than others: it is found in fewer steps, if it is made before any other. */
  addFrequent(owner: TimerOwner, argument = 0): number {
    if (this.frequentCount === this.owners.length) this.frequentCount++;
    return this.add(owner, argument);
  }

  /** A new slot; only before {@link seal}. */
  add(owner: TimerOwner, argument = 0): number {
    invariant(!this.sealed, 'a timer was added to a running engine');
    this.owners.push(owner);
    this.arguments.push(argument);
    return this.owners.length - 1;
  }

  /** A slot for who only looks: its moments leave no mark in the trace. There is one at most. */
  addObserver(owner: TimerOwner, argument = 0): number {
    invariant(this.observer === NONE, 'there are two observers');
    this.observer = this.add(owner, argument);
    return this.observer;
  }

  /** All slots are made; from now on they can be armed. */
  seal(): void {
    this.sealed = true;
    this.frequent = new Tournament(this.frequentCount);
    this.others = new Tournament(this.owners.length - this.frequentCount);
  }

  /** Calls the owner at `timeNs`, instead of whatever the slot waited for; never, beyond the last exact moment. */
  arm(slot: number, timeNs: number): void {
    invariant(timeNs >= this.nowNs, 'a timer was set in the past');
    if (timeNs > LAST_NS) {
      this.disarm(slot);
      return;
    }
    if (slot === this.firing) this.firing = NONE;
    this.set(slot, timeNs);
  }

  disarm(slot: number): void {
    if (slot === this.firing) this.firing = NONE;
    this.set(slot, Number.POSITIVE_INFINITY);
  }

  armed(slot: number): boolean {
    return slot !== this.firing && this.momentOf(slot) < Number.POSITIVE_INFINITY;
  }

  /** The next moment, or Infinity. */
  nextNs(): number {
    return Math.min(this.frequent.leastKey(), this.others.leastKey());
  }

  /** Goes to the next moment and lets its owner act; false when there is none up to `lastNs`. */
  step(lastNs = LAST_NS): boolean {
    const { frequent, others } = this;
    const frequentNs = frequent.leastKey();
    const othersNs = others.leastKey();
    const isFrequent = frequentNs <= othersNs;
    const timeNs = isFrequent ? frequentNs : othersNs;
    if (timeNs > lastNs) return false;
    const slot = isFrequent ? frequent.first() : this.frequentCount + others.first();
    this.nowNs = timeNs;
    this.fired++;
    if (slot !== this.observer) this.hash.add(timeNs, slot);
    // The slot stays first while its owner acts, because most owners arm it again at once.
    this.firing = slot;
    this.owners[slot]!.fire(this.arguments[slot]!, timeNs);
    if (this.firing === slot) this.set(slot, Number.POSITIVE_INFINITY);
    this.firing = NONE;
    return true;
  }

  private momentOf(slot: number): number {
    const { frequentCount } = this;
    return slot < frequentCount ? this.frequent.keyOf(slot) : this.others.keyOf(slot - frequentCount);
  }

  private set(slot: number, timeNs: number): void {
    const { frequentCount } = this;
    if (slot < frequentCount) this.frequent.set(slot, timeNs);
    else this.others.set(slot - frequentCount, timeNs);
  }

  /** Hash of every moment so far and whose it was. */
  traceHash(): string {
    return this.hash.toString();
  }
}
