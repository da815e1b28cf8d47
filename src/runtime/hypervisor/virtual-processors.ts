import { invariant } from '../defect.js';

/** TLFS 2.0a §10.1.3. A VP that used up its limit is Waiting, too. */
export const VpState = { Suspended: 0, Waiting: 1, Ready: 2, Running: 3 } as const;
export type VpState = (typeof VpState)[keyof typeof VpState];

const STATES = Object.keys(VpState).length;

/** Which states a VP goes to from each: only one that is ready runs. One whose limit is used up waits as soon as it is woken. */
const FOLLOWED_BY: readonly (readonly VpState[])[] = [
  [VpState.Ready, VpState.Waiting], // suspended
  [VpState.Ready, VpState.Suspended, VpState.Waiting], // waiting
  [VpState.Running, VpState.Suspended], // ready
  [VpState.Ready, VpState.Waiting, VpState.Suspended], // running
];
/** The same as bits: one look for each change of state. */
const MAY_ENTER = FOLLOWED_BY.map((states) => states.reduce<number>((bits, state) => bits | (1 << state), 0));

/** Why a VP is suspended; it runs when none of the reasons is left. */
export const Suspension = { Explicit: 1, Intercept: 2 } as const;

/** The share of a VP: fractions of one logical processor (0 to 1) and a weight of 1 to 10,000. */
export interface VpShare {
  reserve: number;
  limit: number;
  weight: number;
  /** All VPs of one group together run on at most so many logical processors. */
  group?: { name: string; processors: number };
}

/**
 * Whatever answers a VM entry: it says how long it computes until its next exit, and acts when it gets there.
 * A guest never runs by itself; the dispatcher calls it at the moment the exit happens.
 */
export interface Guest {
  /** The VP has run everything it was to run, or woke: act, and say how many ns to run next; 0 halts it. */
  next(vp: number, nowNs: number): number;
  /** An interrupt came with `leftNs` of the burst to run: put that away or keep it; returns the burst to run now. */
  interrupt(vp: number, leftNs: number, nowNs: number): number;
}

/** All virtual processors of a host, as columns of one table; a VP is a row number. */
export class VirtualProcessors {
  readonly state: Uint8Array;
  readonly suspended: Uint8Array;
  readonly partition: Int32Array;
  /** Position within its partition. */
  readonly index: Int32Array;
  /** The LP it runs on or ran on last. */
  readonly lp: Int32Array;
  /** The only LP it may run on, or -1. */
  readonly pinned: Int32Array;
  /** The NUMA node its memory is on, or -1 where all nodes are the same to it. */
  readonly home: Int32Array;
  /** What is left of the burst to its next exit. */
  readonly burstNs: Float64Array;
  readonly runNs: Float64Array;
  readonly readyNs: Float64Array;
  readonly waitingNs: Float64Array;
  readonly suspendedNs: Float64Array;
  /** Part of the run time in which it waited for memory on other nodes. */
  readonly remoteNs: Float64Array;
  private readonly sinceNs: Float64Array;
  /** The time each spent in each state, by state and VP: the columns above are parts of it. */
  private readonly inStateNs: Float64Array;
  readonly shares: VpShare[] = [];
  readonly guests: Guest[] = [];
  count = 0;

  constructor(private readonly capacity: number) {
    this.state = new Uint8Array(capacity);
    this.suspended = new Uint8Array(capacity).fill(Suspension.Explicit);
    this.partition = new Int32Array(capacity);
    this.index = new Int32Array(capacity);
    this.lp = new Int32Array(capacity).fill(-1);
    this.pinned = new Int32Array(capacity).fill(-1);
    this.home = new Int32Array(capacity).fill(-1);
    this.burstNs = new Float64Array(capacity);
    this.runNs = new Float64Array(capacity);
    this.inStateNs = new Float64Array(STATES * capacity);
    const column = (state: VpState) => this.inStateNs.subarray(state * capacity, (state + 1) * capacity);
    this.readyNs = column(VpState.Ready);
    this.waitingNs = column(VpState.Waiting);
    this.suspendedNs = column(VpState.Suspended);
    this.remoteNs = new Float64Array(capacity);
    this.sinceNs = new Float64Array(capacity);
  }

  /** Adds the VPs of one partition; returns the first row. */
  add(partition: number, count: number, share: VpShare, guest: Guest): number {
    const first = this.count;
    for (let index = 0; index < count; index++) {
      const vp = this.count++;
      this.partition[vp] = partition;
      this.index[vp] = index;
      this.shares.push(share);
      this.guests.push(guest);
    }
    return first;
  }

  /** Moves a VP to a state; the time in the state it leaves is counted (running time is counted by the dispatcher). */
  enter(vp: number, state: VpState, nowNs: number): void {
    this.account(vp, nowNs);
    invariant((MAY_ENTER[this.state[vp]!]! & (1 << state)) !== 0, 'a VP left a state for one that cannot follow');
    this.state[vp] = state;
  }

  /** Takes one reason for its suspension from a VP; whether it was the last, and the VP is to run again. */
  clearSuspension(vp: number, why: number): boolean {
    const left = this.suspended[vp]! & ~why;
    this.suspended[vp] = left;
    return left === 0 && this.state[vp] === VpState.Suspended;
  }

  /** A suspended VP is not to run again: whatever it was to run is dropped, and returned in ns. */
  drop(vp: number): number {
    const left = this.burstNs[vp]!;
    this.burstNs[vp] = 0;
    this.suspended[vp] = Suspension.Explicit;
    return left;
  }

  /** Brings the times in the states up to `nowNs`. */
  account(vp: number, nowNs: number): void {
    const at = this.state[vp]! * this.capacity + vp;
    this.inStateNs[at] = this.inStateNs[at]! + (nowNs - this.sinceNs[vp]!);
    this.sinceNs[vp] = nowNs;
  }
}
