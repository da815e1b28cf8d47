import { invariant } from '../defect.js';
import type { ModelledFrame } from '../hardware/modelled-frame.js';
import type { DeviceEmulator } from '../parent/device-emulator.js';
import type { FrameTaker, VirtualAdapter } from '../parent/network/virtual-adapter.js';
import type { Cost } from '../trace/cost-ledger.js';
import { DONE, type DriverHost, type DriverOutcome, type GuestDevice } from './guest-device.js';

/** Descriptors of a ring of the 21140's driver: so many messages wait for one interrupt at most. */
const RING = 16;

/**
 * The receiving side of an emulated network adapter and its driver: the emulator puts frames into the guest's memory and
 * raises one interrupt for them; the driver acknowledges it by register accesses and passes them on.
 */
export class EmulatedReceiver implements GuestDevice, FrameTaker {
  index = -1;
  readonly maximumBytes = 0;
  private readonly batch: ModelledFrame[] = [];
  /** Those who sent the batch have heard that it came. */
  private acknowledged = false;
  private working = false;

  constructor(
    private readonly guest: DriverHost,
    private readonly emulator: DeviceEmulator,
    private readonly adapter: VirtualAdapter,
    private readonly vp: number,
    private readonly cost: Cost,
    private readonly accessesToAcknowledge: number,
  ) {}

  /** Its driver is loaded. */
  start(): void {
    this.adapter.serve(this);
    this.framesWait();
  }

  // --- FrameTaker -----------------------------------------------------------------------------------------------

  framesWait(): void {
    if (this.working || !this.adapter.hasFrames) return;
    this.working = true;
    while (this.batch.length < RING && this.adapter.hasFrames) this.batch.push(this.adapter.take()!);
    this.acknowledged = false;
    this.emulator.complete(() => {
      this.acknowledged = true;
      for (const { sender, tag } of this.batch) sender.sent(tag);
      this.guest.raise(this, this.vp);
    });
  }

  giveBack(): readonly ModelledFrame[] {
    const frames = this.batch.splice(0);
    // What was acknowledged is not sent again, except for whoever waits for what it brings.
    return this.acknowledged ? frames.filter(({ listener }) => listener !== null) : frames;
  }

  // --- GuestDevice ----------------------------------------------------------------------------------------------

  issueNs(): number {
    return 0;
  }

  issue(): DriverOutcome {
    invariant(false, 'the receiving side sends nothing');
    return DONE;
  }

  signal(): DriverOutcome {
    invariant(false, 'an emulated device has no channel');
    return DONE;
  }

  access(vp: number): number {
    return this.emulator.access(vp, null);
  }

  accessed(vp: number): void {
    this.emulator.accessed(vp);
  }

  interruptNs(): number {
    return this.cost.charge(Math.max(1, this.batch.length));
  }

  acknowledge(): DriverOutcome {
    return this.accessesToAcknowledge;
  }

  afterAccesses(): DriverOutcome {
    for (const { listener, tag } of this.batch.splice(0)) listener?.received(tag);
    this.working = false;
    this.framesWait();
    return DONE;
  }
}
