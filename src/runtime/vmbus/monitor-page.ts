import type { GuestMemory } from '../child/cpu-port.js';
import type { StateReader } from '../child/snapshot/plain-state.js';

const PAGE = 4096;
const GROUPS = 4;
const PER_GROUP = 32;
/** Triggers of a page, numbered from 0; a channel's monitor id is such a number. */
export const MONITORS = GROUPS * PER_GROUP;
/** Latencies are in these units. */
export const LATENCY_UNIT_NS = 100;
export const MAX_LATENCY = 0xffff;

// Between the groups and the latencies the hypervisor keeps the times of its next looks; it need not keep them there.
const TRIGGER_STATE = 0;
const TRIGGER_GROUPS = 8;
const LATENCIES = 576;
const PARAMETERS = 1088;

/**
 * The page over which a guest signals without a hypercall: it sets the bit of a trigger, and the hypervisor, which looks
 * every now and then, signals for it (HV_MONITOR_PAGE and "Monitored Notifications", Windows Driver Kit, Hvgdk.h). The
 * guest can write every byte of it at any time.
 */
export class MonitorPage {
  private constructor(
    private readonly memory: GuestMemory,
    readonly gpa: number,
  ) {}

  /** null where the guest has no such page. */
  static at(memory: GuestMemory, gpa: number): MonitorPage | null {
    const valid = Number.isSafeInteger(gpa) && gpa > 0 && gpa % PAGE === 0 && gpa + PAGE <= memory.bytes;
    return valid ? new MonitorPage(memory, gpa) : null;
  }

  /** The page whose address was saved, or null. Throws SnapshotError. */
  static restore(memory: GuestMemory, state: StateReader): MonitorPage | null {
    return state.orNull((at) => {
      const page = MonitorPage.at(memory, at.integer(0, Number.MAX_SAFE_INTEGER));
      if (page === null) throw at.wrong('is no page of the guest');
      return page;
    });
  }

  /** What the hypervisor does before the guest hears of a monitor: `latency` in units of 100 ns, 16 bits. */
  prepare(monitor: number, connectionId: number, latency: number): void {
    this.setLatency(monitor, latency);
    const parameter = PARAMETERS + monitor * 8;
    this.write(parameter, connectionId);
    this.write(parameter + 4, 0); // the number of the flag, and reserved bits
    this.clear(monitor);
    this.write(TRIGGER_STATE, this.read(TRIGGER_STATE) | bitOf(groupOf(monitor)));
  }

  /** What the guest does instead of a hypercall. */
  trigger(monitor: number): void {
    const at = pendingAt(groupOf(monitor));
    this.write(at, this.read(at) | bitOf(monitor));
  }

  /** The triggers of a group that are set, as bits; none where the group is disabled. */
  pending(group: number): number {
    return (this.read(TRIGGER_STATE) & bitOf(group)) === 0 ? 0 : this.read(pendingAt(group));
  }

  /** The hypervisor has seen the trigger and waits for its latency. */
  arm(monitor: number): void {
    const at = armedAt(groupOf(monitor));
    this.write(at, this.read(at) | bitOf(monitor));
  }

  clear(monitor: number): void {
    const group = groupOf(monitor);
    for (const at of [pendingAt(group), armedAt(group)]) this.write(at, this.read(at) & ~bitOf(monitor));
  }

  /** In units of 100 ns; a guest may change it. */
  latency(monitor: number): number {
    return (this.read(latencyWord(monitor)) >>> latencyShift(monitor)) & MAX_LATENCY;
  }

  private setLatency(monitor: number, latency: number): void {
    const [at, shift] = [latencyWord(monitor), latencyShift(monitor)];
    this.write(at, (this.read(at) & ~(MAX_LATENCY << shift)) | (latency << shift));
  }

  private read(at: number): number {
    return this.memory.readU32(this.gpa + at);
  }

  private write(at: number, value: number): void {
    this.memory.writeU32(this.gpa + at, value >>> 0);
  }
}

export function groupOf(monitor: number): number {
  return Math.floor(monitor / PER_GROUP);
}

/** Its place in its group, or that of a group among the groups. */
export function bitOf(number: number): number {
  return 1 << (number % PER_GROUP);
}

/** The monitors of a group whose bits are set. */
export function* monitorsIn(group: number, bits: number): Generator<number> {
  for (let left = bits; left !== 0; left &= left - 1) yield group * PER_GROUP + 31 - Math.clz32(left & -left);
}

function pendingAt(group: number): number {
  return TRIGGER_GROUPS + group * 8;
}

function armedAt(group: number): number {
  return pendingAt(group) + 4;
}

function latencyWord(monitor: number): number {
  return LATENCIES + Math.floor(monitor / 2) * 4;
}

function latencyShift(monitor: number): number {
  return (monitor % 2) * 16;
}
