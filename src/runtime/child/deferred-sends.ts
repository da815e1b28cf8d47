import { invariant } from '../defect.js';
import { type GuestDevice, STACK_REQUEST, type Transfer } from './guest-device.js';

interface Send {
  driver: GuestDevice;
  transfer: Transfer;
  done: () => void;
}

/**
 * What a guest's network stack sends by itself, behind the interrupt that made it do so (a softirq of Linux, a DPC of
 * Windows): on the same VP, one after the other, after interrupts and before everything else.
 */
export class DeferredSends {
  private readonly waiting: Send[][];
  private readonly current: (Send | null)[];
  /** Those that a driver has and has not answered for, by their requests. */
  private readonly underWay = new Map<number, Send>();

  constructor(vpCount: number) {
    this.waiting = Array.from({ length: vpCount }, () => []);
    this.current = new Array<Send | null>(vpCount).fill(null);
  }

  push(local: number, driver: GuestDevice, transfer: Transfer, done: () => void): void {
    this.waiting[local]!.push({ driver, transfer, done });
  }

  waits(local: number): boolean {
    return this.waiting[local]!.length > 0;
  }

  /** The next one begins: what the VP computes for it. */
  begin(local: number): number {
    const send = this.waiting[local]!.shift();
    invariant(send !== undefined, 'the network stack has nothing to send');
    this.current[local] = send;
    return send.driver.issueNs();
  }

  /** The VP has computed: what its driver must now do. */
  end(local: number): Send {
    const send = this.current[local]!;
    this.current[local] = null;
    this.underWay.set(send.transfer.request, send);
    return send;
  }

  /** A driver has answered; false: that was the request of somebody else. */
  answered(request: number): boolean {
    if (request < STACK_REQUEST) return false;
    this.underWay.get(request)?.done();
    this.underWay.delete(request);
    return true;
  }
}
