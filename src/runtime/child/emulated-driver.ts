import { invariant } from '../defect.js';
import type { DeviceEmulator } from '../parent/device-emulator.js';
import type { Cost } from '../trace/cost-ledger.js';
import { DONE, type DriverHost, type DriverOutcome, type GuestDevice, type Transfer } from './guest-device.js';

/** The device behind the registers: starts a transfer, `done` is called when it ends, well or not. */
export type Backend = (transfer: Transfer, done: (good: boolean) => void) => void;

/**
 * The native driver of an emulated device (PIIX4 IDE, 21140): one command at a time, each a sequence of register
 * accesses, the last of which starts the device; an interrupt, and the accesses that acknowledge it.
 */
export class EmulatedDriver implements GuestDevice {
  index = -1;
  private readonly waiting: Transfer[] = [];
  private current: Transfer | null = null;
  private good = true;
  /** The VP that acknowledges an interrupt; another may not have come back from its last access. */
  private acknowledgingVp = -1;

  constructor(
    private readonly guest: DriverHost,
    private readonly emulator: DeviceEmulator,
    /** The VP that its interrupt line reaches. */
    private readonly vp: number,
    private readonly cost: Cost,
    readonly maximumBytes: number,
    private readonly accessesToIssue: (transfer: Transfer) => number,
    private readonly accessesToAcknowledge: number,
    private readonly backend: Backend,
  ) {}

  issueNs(): number {
    return this.cost.charge();
  }

  issue(transfer: Transfer): DriverOutcome {
    if (this.current) {
      this.waiting.push({ ...transfer });
      return DONE;
    }
    this.current = { ...transfer };
    return this.accessesToIssue(transfer);
  }

  signal(): DriverOutcome {
    invariant(false, 'an emulated device has no channel');
    return DONE;
  }

  access(vp: number, last: boolean): number {
    return this.emulator.access(vp, last && this.acknowledgingVp !== vp ? this.startDevice : null);
  }

  accessed(vp: number): void {
    this.emulator.accessed(vp);
  }

  afterAccesses(vp: number): DriverOutcome {
    if (this.acknowledgingVp !== vp) return DONE;
    this.acknowledgingVp = -1;
    const done = this.current;
    invariant(done !== null, 'an emulated device finished nothing');
    this.current = null;
    this.guest.transferred(done.request, this.good);
    const next = this.waiting.shift();
    return next ? this.issue(next) : DONE;
  }

  interruptNs(): number {
    return this.cost.charge();
  }

  acknowledge(vp: number): DriverOutcome {
    this.acknowledgingVp = vp;
    return this.accessesToAcknowledge;
  }

  private readonly startDevice = (): void => {
    this.backend(this.current!, (good) => {
      this.good = good;
      this.emulator.complete(() => this.guest.raise(this, this.vp));
    });
  };
}
