import { invariant } from '../defect.js';
import { DONE, type DriverOutcome } from './guest-device.js';

/** A driver of a device without registers: no access of its is ever intercepted. */
export abstract class RegisterlessDriver {
  index = -1;

  access(): number {
    invariant(false, 'a device without registers is accessed');
    return 0;
  }

  accessed(): void {}

  afterAccesses(): DriverOutcome {
    return DONE;
  }
}
