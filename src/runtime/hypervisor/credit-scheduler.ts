import type { TimerOwner, Timers } from '../timers.js';
import { CreditAccounts, Priority } from './credit-accounts.js';
import { RunQueues } from './run-queues.js';
import type { ProcessorView, Scheduler } from './scheduler.js';
import { Slices } from './slices.js';
import { type VirtualProcessors, VpState } from './virtual-processors.js';

/** Parameters of the credit scheduler, in ns. */
export interface CreditParameters {
  sliceNs: number;
  /** A boost lasts to the next tick of running; three ticks make an accounting period. */
  tickNs: number;
  /** Nobody is preempted before it ran this long; 0: no limit. */
  rateLimitNs: number;
  /** The unit of what is dealt out. */
  creditNs: number;
}

/** The argument of the timer of the accounting; all others are the LP whose rate limit ends. */
const ACCOUNTING = -1;
/** Behind every priority. */
const NOBODY = Priority.Over + 1;

/**
 * Xen's credit scheduler (credit1, xen/common/sched/credit.c). Each processor has a queue of its own, ordered by the
 * priorities of {@link CreditAccounts}; equals take turns of a slice. A processor whose next VP has no credit left looks
 * for one with credit in the queues of the others, and one that would idle for any. A VP that wakes goes to an idle
 * processor, or preempts whoever runs where it ran last, once that one has run as long as the rate limit says.
 */
export class CreditScheduler implements Scheduler, TimerOwner {
  private readonly accounts: CreditAccounts;
  private readonly queues: RunQueues;
  private readonly slices: Slices;
  /** 1 for a VP that could run if it were not parked. */
  private readonly refused: Uint8Array;
  /** Since when each LP has its VP. */
  private readonly sinceNs: Float64Array;
  private readonly slot: number;
  private readonly rateLimits: number[] = [];

  constructor(
    private readonly timers: Timers,
    private readonly vps: VirtualProcessors,
    private readonly processors: ProcessorView,
    private readonly parameters: CreditParameters,
  ) {
    const { lpCount } = processors;
    this.accounts = new CreditAccounts(vps, lpCount, parameters.tickNs, parameters.creditNs);
    this.queues = new RunQueues(lpCount, vps.count, this.accounts.priority);
    this.slices = new Slices(vps.count, parameters.sliceNs);
    this.refused = new Uint8Array(vps.count);
    this.sinceNs = new Float64Array(lpCount);
    this.slot = timers.add(this, ACCOUNTING);
    for (let lp = 0; lp < lpCount; lp++) this.rateLimits.push(timers.add(this, lp));
  }

  get waiting(): number {
    return this.queues.size;
  }

  enqueue(vp: number, woken: boolean): boolean {
    this.refused[vp] = this.accounts.parked[vp]!;
    if (this.accounts.parked[vp] === 1) return false;
    if (woken) this.accounts.wake(vp);
    this.stand(vp);
    return true;
  }

  dequeue(vp: number): void {
    this.queues.remove(vp);
    this.refused[vp] = 0;
  }

  pick(lp: number, nowNs: number): number {
    const own = this.firstOf(lp, lp, NOBODY, false);
    const isOwnGood = own >= 0 && this.accounts.priority[own]! < Priority.Over;
    const stolen = isOwnGood ? -1 : this.steal(lp, own < 0 ? NOBODY : this.accounts.priority[own]!);
    const vp = stolen < 0 ? own : stolen;
    if (vp < 0) return -1;
    this.queues.remove(vp);
    this.slices.begin(vp, this.parameters.sliceNs);
    this.sinceNs[lp] = nowNs;
    this.accounts.activate(vp);
    const { periodNs } = this.accounts;
    if (!this.timers.armed(this.slot)) this.timers.arm(this.slot, (Math.floor(nowNs / periodNs) + 1) * periodNs);
    return vp;
  }

  place(vp: number, nowNs: number): number {
    const { running } = this.processors;
    const { priority } = this.accounts;
    const last = this.vps.lp[vp]!;
    const idle = this.processors.idleLp(last, this.vps.home[vp]!);
    if (idle >= 0) return idle;
    const lp = last >= 0 ? last : running.findIndex((rival) => priority[rival]! > priority[vp]!);
    if (lp < 0 || priority[running[lp]!]! <= priority[vp]!) return -1;
    const mayNs = this.sinceNs[lp]! + this.parameters.rateLimitNs;
    if (nowNs >= mayNs) return lp;
    this.timers.arm(this.rateLimits[lp]!, mayNs);
    return -1;
  }

  budgetNs(vp: number): number {
    if (this.queues.size === 0) return this.accounts.boostNs(vp);
    this.slices.renew(vp);
    return Math.min(this.slices.left(vp), this.accounts.boostNs(vp));
  }

  fetch(lp: number): boolean {
    const { nodes, running } = this.processors;
    const node = nodes.of(lp);
    if (this.processors.freeOn(node) < 0) return false;
    const abroad = running.findIndex((vp, at) => vp >= 0 && this.vps.home[vp] === node && nodes.of(at) !== node);
    if (abroad >= 0) this.processors.reschedule(abroad);
    return abroad >= 0;
  }

  charge(vp: number, ns: number): void {
    this.accounts.spend(vp, ns);
    this.slices.run(vp, ns);
  }

  turn(vp: number, lp: number, nowNs: number): number {
    return this.mayContinue(vp, lp, nowNs) ? vp : -1;
  }

  private mayContinue(vp: number, lp: number, nowNs: number): boolean {
    const { accounts, slices } = this;
    if (accounts.parked[vp] === 1) return false;
    accounts.endBoost(vp);
    if (this.queues.size === 0 || nowNs < this.sinceNs[lp]! + this.parameters.rateLimitNs) return true;
    if (slices.left(vp) < 0) slices.renew(vp);
    const own = accounts.priority[vp]!;
    const isSliceOver = slices.left(vp) <= 0;
    // Equals take turns when the slice is over; then, too, one with credit is looked for elsewhere.
    if (this.firstOf(lp, lp, isSliceOver ? own + 1 : own, false) >= 0) return false;
    if (!isSliceOver) return true;
    if (own === Priority.Over && this.steal(lp, own) >= 0) return false;
    slices.begin(vp, this.parameters.sliceNs);
    return true;
  }

  /** The end of an accounting period, or of the rate limit of an LP. */
  fire(argument: number, nowNs: number): void {
    if (argument === ACCOUNTING) this.account(nowNs);
    else this.endRateLimit(argument, nowNs);
  }

  private account(nowNs: number): void {
    this.processors.account();
    for (const vp of this.accounts.settle()) this.act(vp);
    if (this.accounts.anyActive) this.timers.arm(this.slot, nowNs + this.accounts.periodNs);
  }

  /** Whoever had to wait for it preempts now. */
  private endRateLimit(lp: number, nowNs: number): void {
    const running = this.processors.running[lp]!;
    if (running < 0 || this.firstOf(lp, lp, this.accounts.priority[running]!, false) < 0) return;
    // Somebody else may have come onto the LP meanwhile.
    const mayNs = this.sinceNs[lp]! + this.parameters.rateLimitNs;
    if (nowNs < mayNs) this.timers.arm(this.rateLimits[lp]!, mayNs);
    else this.processors.reschedule(lp);
  }

  /** Lets the change of a VP's priority have its effect. */
  private act(vp: number): void {
    const state = this.vps.state[vp];
    if (this.accounts.parked[vp] === 1) {
      if (state === VpState.Running) this.processors.reschedule(this.vps.lp[vp]!);
      else if (state === VpState.Ready) this.queues.remove(vp);
    } else if (state === VpState.Ready) {
      this.stand(vp);
      this.processors.reconsider(vp);
    } else if (this.refused[vp] === 1) {
      this.refused[vp] = 0;
      this.processors.reconsider(vp);
    }
  }

  /** In the queue of the LP it ran on last, behind its equals. */
  private stand(vp: number): void {
    const last = this.vps.lp[vp]!;
    this.queues.insert(vp, last < 0 ? this.queues.shortest() : last);
  }

  /** The first in the queue of `queueLp` that `lp` may take before `priority`: who has a free LP at home goes there. */
  private firstOf(queueLp: number, lp: number, priority: number, onlyAtHome: boolean): number {
    const { nodes } = this.processors;
    for (const vp of this.queues.of(queueLp)) {
      if (this.accounts.priority[vp]! >= priority) return -1;
      if (nodes.count === 1) return vp;
      const home = this.vps.home[vp]!;
      const isAtHome = home < 0 || home === nodes.of(lp);
      if (isAtHome || (!onlyAtHome && this.processors.freeOn(home) < 0)) return vp;
    }
    return -1;
  }

  /** One before `priority` from the queues of the other LPs, the next ones first: who is at home here, then any. */
  private steal(lp: number, priority: number): number {
    if (this.queues.size === 0) return -1;
    const { lpCount, nodes } = this.processors;
    for (let pass = nodes.count === 1 ? 1 : 0; pass < 2; pass++) {
      for (let step = 1; step < lpCount; step++) {
        const vp = this.firstOf((lp + step) % lpCount, lp, priority, pass === 0);
        if (vp >= 0) return vp;
      }
    }
    return -1;
  }
}
