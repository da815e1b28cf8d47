import { invariant } from '../defect.js';
import { DONE, type DriverHost, type DriverOutcome, type GuestDevice, type Transfer } from './guest-device.js';
import { RegisterlessDriver } from './registerless-driver.js';

/** What a guest uses where its network adapter or disk was taken out: its operating system finds no way, at once. */
export class AbsentDevice extends RegisterlessDriver implements GuestDevice {
  readonly maximumBytes = Number.MAX_SAFE_INTEGER;

  constructor(private readonly guest: DriverHost) {
    super();
  }

  issueNs(): number {
    return 0;
  }

  issue({ request }: Transfer): DriverOutcome {
    this.guest.transferred(request, false);
    return DONE;
  }

  signal(): DriverOutcome {
    return DONE;
  }

  interruptNs(): number {
    invariant(false, 'what is absent interrupts nobody');
    return 0;
  }

  acknowledge(): DriverOutcome {
    return DONE;
  }
}
