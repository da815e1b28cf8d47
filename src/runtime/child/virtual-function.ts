import { invariant } from '../defect.js';
import type { SendClient } from '../hardware/modelled-frame.js';
import type { FrameTaker, VirtualAdapter } from '../parent/network/virtual-adapter.js';
import type { Cost } from '../trace/cost-ledger.js';
import { NO_SECTION } from '../vmbus/network-protocol.js';
import { DONE, type DriverHost, type DriverOutcome, type GuestDevice, type Transfer } from './guest-device.js';
import { RegisterlessDriver } from './registerless-driver.js';

/** What a guest pays for its own part of a network adapter, and the hypervisor for the interrupts of it. */
export interface VirtualFunctionCosts {
  send: Cost;
  interrupt: Cost;
  frame: Cost;
  /** The hypervisor takes the physical interrupt and finds out whose it is. */
  delivery: Cost;
}

/**
 * The guest's driver of a virtual function (SR-IOV): it shares memory with the adapter itself, so that neither VMBus nor the
 * parent sees its frames. One interrupt, delivered by the hypervisor, is for everything that is done by then.
 */
export class VirtualFunction extends RegisterlessDriver implements GuestDevice, FrameTaker, SendClient {
  readonly maximumBytes = 65_536;
  private readonly finished: { request: number; good: boolean }[] = [];
  private raised = false;
  /** Frames that the interrupt under way has computed for. */
  private budget = 0;

  constructor(
    private readonly guest: DriverHost,
    private readonly adapter: VirtualAdapter,
    private readonly vp: number,
    private readonly costs: VirtualFunctionCosts,
  ) {
    super();
  }

  // --- FrameTaker, SendClient -----------------------------------------------------------------------------------

  framesWait(): void {
    if (this.raised) return;
    this.raised = true;
    this.guest.raise(this, this.vp);
  }

  giveBack(): readonly [] {
    return [];
  }

  sent(request: number): void {
    this.finish(request, true);
  }

  sendFailed(request: number): void {
    this.finish(request, false);
  }

  // --- GuestDevice ----------------------------------------------------------------------------------------------

  issueNs(): number {
    return this.costs.send.charge();
  }

  /** A descriptor in memory and a doorbell that is mapped into the guest: nothing leaves the partition. */
  issue({ bytes, section, request }: Transfer): DriverOutcome {
    this.adapter.sendDirectly(bytes, section ?? NO_SECTION, this, request);
    return DONE;
  }

  signal(): DriverOutcome {
    invariant(false, 'a virtual function has no channel');
    return DONE;
  }

  deliveryNs(): number {
    return this.costs.delivery.charge();
  }

  interruptNs(): number {
    this.budget = this.adapter.waitingFrames;
    return this.costs.interrupt.charge() + this.costs.frame.charge(this.budget);
  }

  acknowledge(): DriverOutcome {
    this.raised = false;
    for (const { request, good } of this.finished.splice(0)) this.guest.transferred(request, good);
    for (; this.budget > 0; this.budget--) {
      const frame = this.adapter.take();
      if (frame === null) break;
      frame.sender.sent(frame.tag);
      frame.listener?.received(frame.tag);
    }
    if (this.finished.length > 0 || this.adapter.waitingFrames > 0) this.framesWait();
    return DONE;
  }

  private finish(request: number, good: boolean): void {
    this.finished.push({ request, good });
    this.framesWait();
  }
}
