import type { Cpu } from '../../child/cpu-port.js';
import { bits, type PlainState, type StateReader } from '../../child/snapshot/plain-state.js';
import { HvStatus } from './status.js';
import type { Synic } from './synic.js';

/** TLFS 6.0b, "Synthetic Timers": four per virtual processor, in units of 100 ns of partition reference time. */
const TIMER_COUNT = 4;
const ENABLED = 1n;
const PERIODIC = 1n << 1n;
const AUTO_ENABLE = 1n << 3n;
const DIRECT_MODE = 1n << 12n;
const LOWEST_VECTOR = 16;

const TIMER_EXPIRED = 0x80000010;

/** A guest that asks for a shorter period would only be interrupted all the time. */
const SHORTEST_PERIOD = 1000n;

interface Timer {
  config: bigint;
  count: bigint;
  due: bigint | null;
}

export class SyntheticTimers {
  private readonly timers: Timer[] = Array.from({ length: TIMER_COUNT }, () => ({ config: 0n, count: 0n, due: null }));

  constructor(
    private readonly cpu: Cpu,
    private readonly synic: Synic,
    private readonly referenceTime: () => bigint,
  ) {}

  /** `register` counts from STIMER0_CONFIG: even ones are configurations, odd ones are counts. */
  read(register: number): bigint {
    const timer = this.timer(register);
    return register % 2 === 0 ? timer.config : timer.count;
  }

  /** false: the configuration names a vector below 16. */
  write(register: number, value: bigint): boolean {
    const timer = this.timer(register);
    if (register % 2 === 0) {
      if (!vectorAllowed(value)) return false;
      timer.config = reachesNobody(value) ? value & ~ENABLED : value;
    } else {
      timer.count = value;
      if (value === 0n) timer.config &= ~ENABLED;
      else if ((timer.config & AUTO_ENABLE) !== 0n && !reachesNobody(timer.config)) timer.config |= ENABLED;
    }
    this.arm(timer);
    return true;
  }

  /** Fires what is due and returns 100 ns units until the next one, or null. `slack`: so late it may be. */
  expire(slack: bigint): bigint | null {
    const now = this.referenceTime();
    let next: bigint | null = null;
    for (const [index, timer] of this.timers.entries()) {
      if (timer.due !== null && now >= timer.due + slack) this.fire(index, timer, now);
      if (timer.due === null) continue;
      const wait = timer.due + slack - now;
      if (next === null || wait < next) next = wait;
    }
    return next;
  }

  save(): PlainState {
    return this.timers.map(({ config, count, due }) => ({
      config: bits(config),
      count: bits(count),
      due: due === null ? null : bits(due),
    }));
  }

  /** Throws SnapshotError. */
  restore(state: StateReader): void {
    for (const [index, saved] of state.list(TIMER_COUNT).entries()) {
      const [config, count] = [saved.at('config').bits(), saved.at('count').bits()];
      if (!vectorAllowed(config)) throw saved.wrong('names a vector that no timer can have');
      const due = saved.at('due').orNull((time) => time.bits());
      this.timers[index] = { config, count, due };
    }
  }

  private arm(timer: Timer): void {
    const enabled = (timer.config & ENABLED) !== 0n && timer.count !== 0n;
    if (!enabled) {
      timer.due = null;
      return;
    }
    timer.due = (timer.config & PERIODIC) === 0n ? timer.count : this.referenceTime() + periodOf(timer);
    this.cpu.wake();
  }

  private fire(index: number, timer: Timer, now: bigint): void {
    const due = timer.due ?? now;
    const isPeriodic = (timer.config & PERIODIC) !== 0n;
    // While the message of a timer waits it gets no other: a tick is skipped, a single expiration is tried again.
    const isWaiting = this.hasMessageWaiting(index, timer.config);
    const isOver = isWaiting ? isPeriodic : this.deliver(index, timer.config, due, now);
    if (!isOver) {
      timer.due = now + SHORTEST_PERIOD;
      return;
    }
    if (!isPeriodic) {
      timer.config &= ~ENABLED;
      timer.due = null;
      return;
    }
    const period = periodOf(timer);
    timer.due = due + period > now ? due + period : now + period;
  }

  private deliver(index: number, config: bigint, due: bigint, now: bigint): boolean {
    if ((config & DIRECT_MODE) !== 0n) {
      this.cpu.injectVector(vectorOf(config));
      return true;
    }
    const payload = new Uint8Array(24);
    const view = new DataView(payload.buffer);
    view.setUint32(0, index, true);
    view.setBigUint64(8, due, true);
    view.setBigUint64(16, now, true);
    return this.synic.post(sintOf(config), { type: TIMER_EXPIRED, sender: 0n, payload }) === HvStatus.Success;
  }

  /** Behind an occupied slot. */
  private hasMessageWaiting(index: number, config: bigint): boolean {
    if ((config & DIRECT_MODE) !== 0n) return false;
    return this.synic
      .waiting(sintOf(config))
      .some(({ type, payload }) => type === TIMER_EXPIRED && payload[0] === index);
  }

  private timer(register: number): Timer {
    return this.timers[register >> 1]!;
  }
}

function vectorAllowed(config: bigint): boolean {
  return (config & DIRECT_MODE) === 0n || (config & ENABLED) === 0n || vectorOf(config) >= LOWEST_VECTOR;
}

/** A timer in message mode needs a SINT, and SINT 0 means none. */
function reachesNobody(config: bigint): boolean {
  return (config & DIRECT_MODE) === 0n && sintOf(config) === 0;
}

function vectorOf(config: bigint): number {
  return Number((config >> 4n) & 0xffn);
}

function sintOf(config: bigint): number {
  return Number((config >> 16n) & 0xfn);
}

function periodOf(timer: Timer): bigint {
  return timer.count < SHORTEST_PERIOD ? SHORTEST_PERIOD : timer.count;
}
