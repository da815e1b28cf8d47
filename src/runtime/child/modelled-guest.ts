import type { Exits } from '../hypervisor/exits.js';
import type { Processors } from '../hypervisor/processors.js';
import type { Guest, VirtualProcessors } from '../hypervisor/virtual-processors.js';
import { IntQueue } from '../int-queue.js';
import type { BackEndWork } from '../parent/back-end.js';
import type { Timers } from '../timers.js';
import type { Timeline } from '../trace/timeline.js';
import { DeferredSends } from './deferred-sends.js';
import { DOING_NAMES, Doing } from './doing.js';
import type { GuestCosts } from './guest-costs.js';
import {
  DONE,
  type DriverHost,
  type DriverOutcome,
  type GuestDevice,
  SIGNAL,
  SUSPENDED,
  SYSTEM_REQUEST,
  type Transfer,
} from './guest-device.js';
import { HypervisorWork } from './hypervisor-work.js';
import { NO_VP, type RequestLife } from './request-life.js';
import type { OpenRequest } from './requests.js';
import { SystemWork } from './system-work.js';

/**
 * A modelled guest: what its VPs do, one thing after the other. They take its requests and serve its drivers; interrupts
 * come first. It computes nothing, but every exit, hypercall, packet and register access of such a guest really happens.
 */
export class ModelledGuest implements Guest, DriverHost {
  private readonly devices: GuestDevice[] = [];
  private readonly doing: Uint8Array;
  private readonly subject: Int32Array;
  private readonly accessesLeft: Int32Array;
  /** When the VP began what it does, for the timeline. */
  private readonly sinceNs: Float64Array;
  private readonly interrupts: IntQueue[];
  private readonly system = new SystemWork();
  private readonly hypervisorWork: HypervisorWork;
  private readonly deferred: DeferredSends;
  /** Until the guest has booted, only VP 0 runs. */
  private runningVps = 1;
  private stopped = false;

  constructor(
    private readonly timers: Timers,
    private readonly lps: Processors,
    private readonly vps: VirtualProcessors,
    private readonly firstVp: number,
    private readonly vpCount: number,
    readonly requests: RequestLife,
    private readonly costs: GuestCosts,
    private readonly exits: Exits,
    /** The disk answered the operating system itself with an error. */
    private readonly systemFailed: () => void,
    private readonly timeline: Timeline | null,
  ) {
    this.doing = new Uint8Array(vpCount);
    this.subject = new Int32Array(vpCount).fill(-1);
    this.accessesLeft = new Int32Array(vpCount);
    this.sinceNs = new Float64Array(vpCount);
    this.interrupts = Array.from({ length: vpCount }, () => new IntQueue());
    this.hypervisorWork = new HypervisorWork(vpCount);
    this.deferred = new DeferredSends(vpCount);
  }

  attach(device: GuestDevice): void {
    device.index = this.devices.length;
    this.devices.push(device);
  }

  /** The operating system computes on VP 0 (boot, shutdown), then `then`, which may name a driver with a hypercall to make. */
  runSystem(ns: number, then: () => GuestDevice | null): void {
    this.system.compute(ns, then);
    this.lps.interrupt(this.firstVp);
  }

  /** The operating system computes on VP 0 and then reads by one command (boot); when that is done, `then`. */
  readSystem(ns: number, device: GuestDevice, bytes: number, then: () => void): void {
    this.system.read(ns, device, bytes, then);
    this.lps.interrupt(this.firstVp);
  }

  /** The other VPs run too from now on, and take interrupts; requests are served. */
  booted(): void {
    this.runningVps = this.vpCount;
    this.requests.serve();
  }

  /** Its requests as a guest on another host can take them over; its VPs are suspended, and its devices at rest. */
  openRequests(): OpenRequest[] {
    const runningNs = new Map<number, number>();
    for (const [local, doing] of this.doing.entries())
      if (doing === Doing.Request) runningNs.set(this.subject[local]!, this.vps.burstNs[this.firstVp + local]!);
    return this.requests.open(runningNs);
  }

  /** The hypervisor works for a device of this guest on one of its VPs (0 … vpCount-1). */
  runHypervisor(local: number, work: BackEndWork, what: number): void {
    const on = local < this.runningVps ? local : 0;
    this.hypervisorWork.post(on, work, what);
    this.lps.interrupt(this.firstVp + on);
  }

  /** The network stack sends something, behind the interrupt that made it do so; `done` when the driver has answered. */
  defer(local: number, driver: GuestDevice, transfer: Transfer, done: () => void): void {
    const on = local < this.runningVps ? local : 0;
    this.deferred.push(on, driver, transfer, done);
    this.lps.interrupt(this.firstVp + on);
  }

  /** The partition is taken down, perhaps by what one of its VPs has just done: none of them does anything any more. */
  stop(): void {
    this.stopped = true;
    this.requests.stop();
  }

  /** CPU time that was charged and waits to be run. */
  get pendingNs(): number {
    let ns = this.system.pendingNs;
    for (const [, leftNs] of this.requests.interrupted.entries()) ns += leftNs;
    return ns;
  }

  // --- Guest --------------------------------------------------------------------------------------------------

  next(vp: number): number {
    const local = vp - this.firstVp;
    this.requests.acting = local;
    const ns = this.act(local, vp);
    this.requests.acting = NO_VP;
    return ns;
  }

  /** What costs no time happens at once: a burst of 0 would mean that the VP halts. */
  private act(local: number, vp: number): number {
    for (;;) {
      let ns = this.finish(local, vp);
      this.sinceNs[local] = this.timers.nowNs;
      if (ns === 0 && this.doing[local] === Doing.Nothing) ns = this.begin(local, vp);
      if (ns !== 0 || this.doing[local] === Doing.Nothing) return ns;
    }
  }

  private begin(local: number, vp: number): number {
    if (this.stopped) return 0;
    if (this.hypervisorWork.waits(local)) return this.beginHypervisor(local, vp);
    if (this.interrupts[local]!.length > 0) return this.beginInterrupt(local, vp);
    if (this.deferred.waits(local)) return this.beginDeferred(local);
    if (this.requests.interrupted.has(local)) return this.resumeInterrupted(local);
    if (local === 0 && this.system.waits) {
      this.doing[0] = Doing.System;
      return this.system.begin();
    }
    const request = this.requests.next();
    if (request >= 0) return this.beginRequest(local, vp, request);
    this.exits.count(vp, 'halt');
    return 0;
  }

  /** Only a request makes way for an interrupt; everything else is short and finishes first. */
  interrupt(vp: number, leftNs: number): number {
    const local = vp - this.firstVp;
    const wanted = this.interrupts[local]!.length > 0 || this.hypervisorWork.waits(local) || this.deferred.waits(local);
    if (this.doing[local] !== Doing.Request || !wanted) return leftNs;
    this.requests.interrupted.put(local, this.subject[local]!, leftNs);
    if (this.timeline) this.draw(this.timeline, vp, local, Doing.Request);
    this.sinceNs[local] = this.timers.nowNs;
    if (this.hypervisorWork.waits(local)) return this.beginHypervisor(local, vp);
    return this.interrupts[local]!.length > 0 ? this.beginInterrupt(local, vp) : this.beginDeferred(local);
  }

  // --- DriverHost ---------------------------------------------------------------------------------------------

  /** A VP that does not run yet takes no interrupt: a driver that is loaded before would wait for ever. */
  raise(device: GuestDevice, local: number): void {
    const on = local < this.runningVps ? local : 0;
    this.interrupts[on]!.push(device.index);
    this.lps.interrupt(this.firstVp + on);
  }

  transferred(request: number, good: boolean): void {
    if (this.deferred.answered(request)) return;
    if (!good && request === SYSTEM_REQUEST) this.systemFailed();
    else if (!this.system.answered(request)) this.requests.transferred(request, good);
  }

  // --- what a VP does -----------------------------------------------------------------------------------------

  /** The burst is over: have its effect. Returns the burst that must follow at once, or 0. */
  private finish(local: number, vp: number): number {
    const doing = this.doing[local];
    const subject = this.subject[local]!;
    this.doing[local] = Doing.Nothing;
    if (this.timeline) this.draw(this.timeline, vp, local, doing!);
    switch (doing) {
      case Doing.Request:
        return this.requestComputed(local, vp, subject);
      case Doing.Interrupt:
        return this.follow(local, vp, subject, this.devices[subject]!.acknowledge(vp));
      case Doing.Hypercall:
        return this.follow(local, vp, subject, this.devices[subject]!.signal());
      case Doing.Exit:
        return this.trap(local, vp, subject);
      case Doing.BackEnd:
        this.hypervisorWork.end(local);
        return 0;
      case Doing.Deferred: {
        const { driver, transfer } = this.deferred.end(local);
        return this.follow(local, vp, driver.index, driver.issue(transfer));
      }
      case Doing.Trapped:
        this.devices[subject]!.accessed(vp);
        if (this.accessesLeft[local]! > 0) return this.beginAccess(local, vp, subject);
        return this.follow(local, vp, subject, this.devices[subject]!.afterAccesses(vp));
      case Doing.System: {
        const next = this.system.end();
        return next === null ? 0 : this.follow(local, vp, next.device.index, next.outcome);
      }
      default:
        return 0;
    }
  }

  private draw(timeline: Timeline, vp: number, local: number, doing: number): void {
    const sinceNs = this.sinceNs[local]!;
    const { nowNs } = this.timers;
    if (doing !== Doing.Nothing && sinceNs < nowNs) timeline.addVp(vp, DOING_NAMES[doing]!, sinceNs, nowNs);
  }

  private requestComputed(local: number, vp: number, request: number): number {
    const device = this.requests.computed(local, request);
    return device ? this.follow(local, vp, device.index, device.issue(this.requests.transfer)) : 0;
  }

  private follow(local: number, vp: number, device: number, first: DriverOutcome): number {
    let outcome = first;
    const driver = this.devices[device]!;
    while (outcome === SIGNAL && driver.monitored) outcome = driver.signal();
    if (outcome === DONE) return 0;
    this.subject[local] = device;
    if (outcome > 0) {
      this.accessesLeft[local] = outcome;
      return this.beginAccess(local, vp, device);
    }
    this.doing[local] = Doing.Hypercall;
    this.exits.count(vp, 'hypercall');
    const { adapter, kick } = this.costs;
    if (adapter) this.exits.countTranslated(vp);
    return (adapter?.charge() ?? 0) + this.lps.chargeHypervisor(vp, kick.chargeNs(Math.max(1, kick.amount)));
  }

  private beginAccess(local: number, vp: number, device: number): number {
    this.doing[local] = Doing.Exit;
    this.subject[local] = device;
    this.exits.count(vp, 'I/O port');
    return this.lps.chargeHypervisor(vp, this.costs.exit.charge());
  }

  private trap(local: number, vp: number, device: number): number {
    this.doing[local] = Doing.Trapped;
    this.subject[local] = device;
    const left = this.accessesLeft[local]! - 1;
    this.accessesLeft[local] = left;
    const ns = this.devices[device]!.access(vp, left === 0);
    return ns === SUSPENDED ? ns : this.lps.chargeHypervisor(vp, ns);
  }

  private beginHypervisor(local: number, vp: number): number {
    this.doing[local] = Doing.BackEnd;
    return this.lps.chargeHypervisor(vp, this.hypervisorWork.begin(local));
  }

  private beginInterrupt(local: number, vp: number): number {
    const device = this.interrupts[local]!.shift();
    this.doing[local] = Doing.Interrupt;
    this.subject[local] = device;
    this.exits.count(vp, 'interrupt');
    const driver = this.devices[device]!;
    const deliveryNs = this.costs.injection.charge() + (driver.deliveryNs?.() ?? 0);
    return this.lps.chargeHypervisor(vp, deliveryNs) + driver.interruptNs();
  }

  private beginDeferred(local: number): number {
    this.doing[local] = Doing.Deferred;
    return this.deferred.begin(local);
  }

  private resumeInterrupted(local: number): number {
    const { request, leftNs } = this.requests.interrupted.take(local);
    this.doing[local] = Doing.Request;
    this.subject[local] = request;
    return leftNs;
  }

  private beginRequest(local: number, vp: number, request: number): number {
    this.doing[local] = Doing.Request;
    this.subject[local] = request;
    return this.requests.compute(local, vp, request);
  }
}
