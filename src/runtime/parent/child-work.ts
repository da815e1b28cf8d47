import type { Child } from '../../model/host-model.js';
import { Arrivals } from '../child/arrivals.js';
import type { IncomingRequests } from '../child/incoming-requests.js';
import type { RequestLife } from '../child/request-life.js';
import type { WorkListener } from '../child/work-listener.js';
import type { HostParts } from '../host-parts.js';
import { DirtyPages } from '../migration/dirty-pages.js';
import { Histogram } from '../trace/histogram.js';
import { RequestFailures } from './request-failures.js';

/** An overloaded child holds this many requests; further ones are refused. */
const MAXIMUM_UNDER_WAY = 1_000_000;

/** The work of one child, over all its starts: who asks it, and how its requests fared. */
export class ChildWork {
  /** Latency of the requests answered since the host was ready, and since the last snapshot. */
  readonly total = new Histogram();
  readonly interval = new Histogram();
  readonly failures: RequestFailures;
  /** Requests over the whole run: what was asked, and what became of it. `lost`: its partition went while it was under way. */
  readonly balance = { issued: 0, completed: 0, failed: 0, lost: 0 };
  /** What its requests write of the memory of its guest. */
  readonly dirty: DirtyPages;
  private readonly arrivals: Arrivals | null;
  private overrun = false;
  private held = false;
  private servedNs = 0;
  /** Null while it does not serve. */
  private servingSinceNs: number | null = null;

  constructor(
    private readonly parts: HostParts,
    private readonly child: Child,
    /** Those of its guest; null while there is none. */
    private readonly requests: () => RequestLife | null,
    /** Null where requests come to a guest out of nothing. */
    private readonly incoming: () => IncomingRequests | null,
    private readonly listener: WorkListener,
  ) {
    const { workload, name } = child;
    this.dirty = new DirtyPages(workload ?? null);
    this.failures = new RequestFailures(parts.log, name);
    const pauseNs = parts.costs.get('empty-request').amount;
    this.arrivals = workload
      ? new Arrivals(parts.timers, workload, parts.seed, name, pauseNs, () => this.arrive())
      : null;
  }

  /** Its guest is up: requests come. */
  start(): void {
    this.arrivals?.start();
  }

  /** Its guest is gone, or goes. */
  stop(): void {
    this.held = false;
    this.arrivals?.stop();
  }

  /** Its guest is away for a while. */
  hold(): void {
    this.held = true;
    this.arrivals?.hold();
  }

  /** Its guest is back, if it was away; one that only stood still was asked all the time. */
  goOn(): void {
    if (!this.held) return;
    this.held = false;
    this.arrivals?.goOn();
  }

  setRate(requestsPerSecond: number): void {
    this.arrivals?.setRate(requestsPerSecond);
  }

  answered(latencyNs: number): void {
    this.balance.completed++;
    this.total.add(latencyNs);
    this.interval.add(latencyNs);
    this.failures.answered();
    this.dirty.request();
    this.listener.answered(latencyNs);
    this.arrivals?.answered();
  }

  /** A device answered a request with an error; who asked hears of it. */
  failed(): void {
    this.balance.failed++;
    this.failures.failed();
    this.dirty.request();
    this.listener.failed();
    this.arrivals?.answered();
  }

  /** So many requests go with the guest that had them. */
  lose(requests: number): void {
    this.balance.lost += requests;
  }

  /** From now on its guest serves, or does not. */
  serves(serving: boolean): void {
    const { nowNs } = this.parts.timers;
    if (this.servingSinceNs !== null) this.servedNs += nowNs - this.servingSinceNs;
    this.servingSinceNs = serving ? nowNs : null;
  }

  /** How long its guest has been up and running since the host was switched on; rates of work are over this time. */
  servingNs(): number {
    return this.servedNs + (this.servingSinceNs === null ? 0 : this.parts.timers.nowNs - this.servingSinceNs);
  }

  /** A request has come from a machine child; who asks in turns (`clients`) would take its answer for his. */
  asked(): void {
    if (this.child.workload?.arrival.kind === 'open') this.issue((requests) => requests.arrive());
  }

  private arrive(): void {
    const incoming = this.incoming();
    this.issue((requests) => (incoming ?? requests).arrive());
  }

  private issue(arrive: (requests: RequestLife) => void): void {
    const requests = this.requests();
    if (!requests) return;
    if (requests.underWay < MAXIMUM_UNDER_WAY) {
      this.balance.issued++;
      arrive(requests);
      return;
    }
    if (!this.overrun) {
      this.parts.log.record('fault', this.child.name, 'requests refused', { detail: 'a million already wait' });
    }
    this.overrun = true;
  }
}
