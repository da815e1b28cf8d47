import { invariant } from '../defect.js';
import { DONE, type DriverHost, type DriverOutcome, type GuestDevice, type Transfer } from './guest-device.js';
import { RegisterlessDriver } from './registerless-driver.js';

/** What a guest sends through where its network adapter was taken out: its operating system knows no way, at once. */
export class AbsentAdapter extends RegisterlessDriver implements GuestDevice {
  readonly maximumBytes = 65_536;

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
