import type { Timers } from '../timers.js';
import type { GuestDevice, Transfer } from './guest-device.js';
import type { InterruptedRequests } from './interrupted-requests.js';
import type { Paging } from './paging.js';
import type { ReadyRequests } from './ready-requests.js';
import type { RequestBursts } from './request-bursts.js';
import { type RequestStages, Stage } from './request-stages.js';
import type { OpenRequest, Requests } from './requests.js';
import type { WorkListener } from './work-listener.js';

/**
 * The life of the requests of a guest: one comes in, waits for a VP, computes, has a driver carry its bytes, waits and
 * computes again, until it is answered or fails. When a VP takes one, and what makes it wait, is the guest's to say.
 */
export class RequestLife {
  /** The VP that acts at this moment, counted within the guest, or {@link NO_VP}. */
  acting = NO_VP;
  /** What the burst that was over last wants of its device. */
  readonly transfer: Transfer = { request: -1, bytes: 0, write: false };
  private stopped = false;

  constructor(
    private readonly timers: Timers,
    private readonly rows: Requests,
    private readonly stages: RequestStages,
    private readonly bursts: RequestBursts,
    private readonly ready: ReadyRequests,
    /** Those that made way on their VP; the guest puts them there and takes them up again. */
    readonly interrupted: InterruptedRequests,
    private readonly paging: Paging,
    private readonly listener: WorkListener,
  ) {}

  get underWay(): number {
    return this.rows.underWay;
  }

  // --- they come in -------------------------------------------------------------------------------------------

  /** A request comes in. */
  arrive(): void {
    this.makeReady(this.announce());
  }

  /** A request has set out for this guest and is not here yet. */
  announce(): number {
    return this.rows.begin(this.timers.nowNs, this.paging.nextRequestBytes());
  }

  /** A request that was announced is here. */
  present(request: number): void {
    if (!this.stopped) this.makeReady(request);
  }

  /** A request that was announced will not come. */
  abandon(request: number): void {
    if (!this.stopped) this.fail(request);
  }

  // --- they are served ----------------------------------------------------------------------------------------

  /** The guest is up: VPs take those who came before, too. */
  serve(): void {
    this.ready.serve();
  }

  /** The next that wants a VP, or -1. */
  next(): number {
    return this.ready.shift();
  }

  /** Charges the next burst of a request on a VP, `local` within the guest; at least 1 ns. */
  compute(local: number, vp: number, request: number): number {
    return this.bursts.begin(local, vp, request);
  }

  /** The burst is over: the device that must carry {@link transfer} now, or null when that was the last and it is answered. */
  computed(local: number, request: number): GuestDevice | null {
    const { rows, stages, transfer } = this;
    const device = stages.deviceFor(request, local);
    if (rows.stage[request] === Stage.Compute) stages.advance(request);
    if (!device) {
      this.answer(request);
      return null;
    }
    const largest = rows.stage[request] === Stage.Page ? this.paging.clusterBytes : device.maximumBytes;
    transfer.request = request;
    transfer.bytes = Math.min(rows.leftBytes[request]!, largest);
    transfer.write = rows.stage[request] === Stage.Write;
    rows.leftBytes[request] = rows.leftBytes[request]! - transfer.bytes;
    rows.issuedBytes[request] = transfer.bytes;
    return device;
  }

  /** The device has carried the transfer, or answered it with an error, which ends the request. */
  transferred(request: number, good: boolean): void {
    if (!good) {
      this.fail(request);
      return;
    }
    const { rows } = this;
    rows.issuedBytes[request] = 0;
    if (rows.leftBytes[request]! <= 0) this.stages.advance(request);
    if (rows.stage[request] === Stage.Done) this.answer(request);
    else this.makeReady(request);
  }

  // --- they end, or go elsewhere ------------------------------------------------------------------------------

  /** The partition is taken down: what is under way to it finds nobody. */
  stop(): void {
    this.stopped = true;
  }

  /** Those under way as a guest on another host can take them over; `runningNs`: what is left of the bursts on its VPs. */
  open(runningNs: ReadonlyMap<number, number>): OpenRequest[] {
    const restNs = new Map([...this.interrupted.entries(), ...runningNs]);
    return this.rows.open((request) => restNs.get(request) ?? 0);
  }

  /** Goes on with requests of another host. */
  takeOver(requests: readonly OpenRequest[]): void {
    for (const request of requests) this.ready.push(this.rows.adopt(request));
  }

  /** A request wants a VP: the one that acts, if it is free after that, else one that halted, in turn. */
  private makeReady(request: number): void {
    this.ready.push(request);
    if (this.acting !== NO_VP && this.ready.length === 1 && !this.interrupted.has(this.acting)) return;
    this.ready.wakeOne();
  }

  private answer(request: number): void {
    const latencyNs = this.timers.nowNs - this.rows.arrivalNs[request]!;
    this.rows.end(request);
    this.listener.answered(latencyNs);
  }

  private fail(request: number): void {
    this.rows.end(request);
    this.listener.failed();
  }
}

/** Stands for none of the VPs. */
export const NO_VP = -1;
