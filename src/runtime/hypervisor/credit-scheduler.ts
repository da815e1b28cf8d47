import { IndexedHeap } from '../indexed-heap.js';
import type { TimerOwner, Timers } from '../timers.js';
import type { ProcessorView, Scheduler } from './scheduler.js';
import { Slices } from './slices.js';
import { type VirtualProcessors, VpState } from './virtual-processors.js';

/** Parameters of the credit scheduler, in ns. */
export interface CreditParameters {
  sliceNs: number;
  /** A boost lasts to the next tick of running; three ticks make an accounting period. */
  tickNs: number;
}

const Priority = { Boost: 0, Under: 1, Over: 2 } as const;
/** Keys are priorities first, then the order of arrival. */
const PRIORITY_STEP = 2 ** 48;

/**
 * Xen's credit scheduler (credit1, xen/common/sched/credit.c). Every accounting period the time of all processors is
 * dealt out to the domains by weight, up to their cap, and to the VPs of each in equal parts; running burns credit.
 * VPs with credit go before those without, one that wakes with credit goes before all, equals take turns of a slice.
 * A capped VP that is too deep in debt is parked. Weight and cap belong to the domain, not to each VP.
 */
export class CreditScheduler implements Scheduler, TimerOwner {
  private readonly queue: IndexedHeap;
  private readonly credit: Float64Array;
  private readonly priority: Uint8Array;
  private readonly slices: Slices;
  private readonly boostLeft: Float64Array;
  private readonly parked: Uint8Array;
  /** 1 for a VP that could run if it were not parked. */
  private readonly refused: Uint8Array;
  private readonly isActive: Uint8Array;
  private active: number[] = [];
  private arrivals = 0;
  private readonly slot: number;
  private readonly periodNs: number;

  constructor(
    private readonly timers: Timers,
    private readonly vps: VirtualProcessors,
    private readonly processors: ProcessorView,
    private readonly parameters: CreditParameters,
  ) {
    const { count } = vps;
    this.queue = new IndexedHeap(count);
    this.credit = new Float64Array(count);
    this.priority = new Uint8Array(count).fill(Priority.Under);
    this.slices = new Slices(count, parameters.sliceNs);
    this.boostLeft = new Float64Array(count);
    this.parked = new Uint8Array(count);
    this.refused = new Uint8Array(count);
    this.isActive = new Uint8Array(count);
    this.periodNs = 3 * parameters.tickNs;
    this.slot = timers.add(this);
  }

  get waiting(): number {
    return this.queue.size;
  }

  enqueue(vp: number, woken: boolean): boolean {
    this.refused[vp] = this.parked[vp]!;
    if (this.parked[vp] === 1) return false;
    if (woken && this.priority[vp] === Priority.Under) {
      this.priority[vp] = Priority.Boost;
      this.boostLeft[vp] = this.parameters.tickNs;
    }
    this.insert(vp);
    return true;
  }

  dequeue(vp: number): void {
    this.queue.remove(vp);
    this.refused[vp] = 0;
  }

  pick(): number {
    if (this.queue.size === 0) return -1;
    const vp = this.queue.peek();
    this.queue.remove(vp);
    this.slices.begin(vp, this.parameters.sliceNs);
    if (this.isActive[vp] === 0) this.activate(vp, this.timers.nowNs);
    return vp;
  }

  place(vp: number): number {
    const { running } = this.processors;
    const last = this.vps.lp[vp]!;
    const idle = this.processors.idleLp(last);
    if (idle >= 0) return idle;
    if (last >= 0) return this.priority[running[last]!]! > this.priority[vp]! ? last : -1;
    return running.findIndex((rival) => this.priority[rival]! > this.priority[vp]!);
  }

  budgetNs(vp: number): number {
    if (this.queue.size > 0) this.slices.renew(vp);
    const slice = this.queue.size > 0 ? this.slices.left(vp) : Number.POSITIVE_INFINITY;
    return this.priority[vp] === Priority.Boost ? Math.min(slice, Math.max(1, this.boostLeft[vp]!)) : slice;
  }

  charge(vp: number, ns: number): void {
    this.credit[vp] = this.credit[vp]! - ns;
    this.slices.run(vp, ns);
    this.boostLeft[vp] = this.boostLeft[vp]! - ns;
  }

  mayContinue(vp: number): boolean {
    if (this.parked[vp] === 1) return false;
    if (this.priority[vp] === Priority.Boost && this.boostLeft[vp]! <= 0) this.priority[vp] = Priority.Under;
    const rival = this.queue.peek();
    if (rival < 0) return true;
    const own = this.priority[vp]!;
    if (this.slices.left(vp) < 0) this.slices.renew(vp);
    if (this.slices.left(vp) > 0) return this.priority[rival]! >= own;
    if (this.priority[rival]! <= own) return false;
    this.slices.begin(vp, this.parameters.sliceNs);
    return true;
  }

  /** The end of an accounting period. */
  fire(_argument: number, nowNs: number): void {
    this.processors.account();
    const dealt = this.deal();
    const vps = this.active;
    this.active = [];
    for (const vp of vps) {
      const { creditEach, capEach } = dealt.get(this.vps.partition[vp]!)!;
      this.isActive[vp] = 0;
      this.receive(vp, creditEach, capEach);
    }
    for (const vp of vps) this.act(vp);
    if (this.active.length > 0) this.timers.arm(this.slot, nowNs + this.periodNs);
  }

  /** New credit: a new priority, and perhaps parked or free again. */
  private receive(vp: number, creditEach: number, capEach: number): void {
    const credit = this.credit[vp]! + creditEach;
    this.priority[vp] = credit < 0 ? Priority.Over : Priority.Under;
    if (credit < 0) {
      if (capEach < Number.POSITIVE_INFINITY && credit < -capEach) this.parked[vp] = 1;
      this.credit[vp] = Math.max(credit, -this.periodNs);
    } else {
      this.parked[vp] = 0;
      // Whoever saves credit does not use its share; half of it is a head start for when it does.
      this.credit[vp] = credit > this.periodNs ? credit / 2 : credit;
      if (credit > this.periodNs && this.vps.state[vp] !== VpState.Running) return;
    }
    this.isActive[vp] = 1;
    this.active.push(vp);
  }

  /** Lets the change of a VP's priority have its effect. */
  private act(vp: number): void {
    const state = this.vps.state[vp];
    if (this.parked[vp] === 1) {
      if (state === VpState.Running) this.processors.reschedule(this.vps.lp[vp]!);
      else if (state === VpState.Ready) this.queue.remove(vp);
    } else if (state === VpState.Ready) {
      this.insert(vp);
      this.processors.reconsider(vp);
    } else if (this.refused[vp] === 1) {
      this.refused[vp] = 0;
      this.processors.reconsider(vp);
    }
  }

  /** The time of all processors, dealt out by weight; what a domain cannot take goes to the others. */
  private deal(): Map<number, { creditEach: number; capEach: number }> {
    const domains = this.activeDomains();
    let left = this.processors.lpCount * this.periodNs;
    let takers = [...domains];
    while (takers.length > 0) {
      const weight = takers.reduce((sum, domain) => sum + domain.weight, 0);
      const full = takers.filter((domain) => (left * domain.weight) / weight >= domain.most);
      const served = full.length > 0 ? full : takers;
      const each = left / weight;
      for (const domain of served) {
        domain.credit = Math.min(domain.most, each * domain.weight);
        left -= domain.credit;
      }
      takers = full.length > 0 ? takers.filter((domain) => !full.includes(domain)) : [];
    }
    return new Map(
      domains.map(({ partition, credit, cap, vps }) => [
        partition,
        { creditEach: Math.floor(credit / vps), capEach: cap / vps },
      ]),
    );
  }

  private activeDomains() {
    const domains = new Map<
      number,
      { partition: number; vps: number; weight: number; cap: number; most: number; credit: number }
    >();
    for (const vp of this.active) {
      const partition = this.vps.partition[vp]!;
      const { weight } = this.vps.shares[vp]!;
      const domain = domains.get(partition) ?? {
        partition,
        vps: 0,
        weight,
        cap: this.capNs(partition),
        most: 0,
        credit: 0,
      };
      domain.vps++;
      domain.most = Math.min(domain.cap, domain.vps * this.periodNs);
      domains.set(partition, domain);
    }
    return [...domains.values()];
  }

  /** The cap of a domain per period: its VPs' limits together; Infinity for none. */
  private capNs(partition: number): number {
    let cap = 0;
    for (let vp = 0; vp < this.vps.count; vp++) {
      if (this.vps.partition[vp] !== partition) continue;
      const { limit } = this.vps.shares[vp]!;
      if (limit >= 1) return Number.POSITIVE_INFINITY;
      cap += limit * this.periodNs;
    }
    return cap;
  }

  private insert(vp: number): void {
    this.queue.set(vp, this.priority[vp]! * PRIORITY_STEP + this.arrivals++);
  }

  private activate(vp: number, nowNs: number): void {
    this.isActive[vp] = 1;
    this.active.push(vp);
    if (!this.timers.armed(this.slot))
      this.timers.arm(this.slot, (Math.floor(nowNs / this.periodNs) + 1) * this.periodNs);
  }
}
