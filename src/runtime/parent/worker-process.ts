import { SUSPENDED } from '../child/guest-device.js';
import type { Processors } from '../hypervisor/processors.js';
import { Suspension } from '../hypervisor/virtual-processors.js';
import type { Cost } from '../trace/cost-ledger.js';
import type { BackEnd, BackEndWork } from './back-end.js';
import type { DeviceEmulator } from './device-emulator.js';

/** The costs of one intercept, from the exit to the entry. */
export interface InterceptCosts {
  message: Cost;
  access: Cost;
  resume: Cost;
  completion: Cost;
}

/**
 * The worker process (vmwp) of one child in the parent: it emulates the registers of the child's devices. Every
 * access suspends the VP, reaches the worker as an intercept message and ends with the VP being resumed.
 */
export class WorkerProcess implements DeviceEmulator, BackEndWork {
  readonly title: string;
  private readonly vp: number;
  private readonly finished: (() => void)[] = [];
  private readonly actions: ((() => void) | null)[];
  private stopped = false;

  constructor(
    private readonly lps: Processors,
    private readonly root: BackEnd,
    private readonly costs: InterceptCosts,
    private readonly firstVp: number,
    vpCount: number,
    childName: string,
  ) {
    this.title = `worker process of ${childName}`;
    this.vp = root.assignVp();
    this.actions = new Array<(() => void) | null>(vpCount).fill(null);
  }

  access(vp: number, action: (() => void) | null): number {
    this.actions[vp - this.firstVp] = action;
    this.lps.suspend(vp, Suspension.Intercept);
    this.root.post(this.vp, this, vp);
    return SUSPENDED;
  }

  /** The worker has done what the access asked for before it resumed the VP. */
  accessed(): void {}

  complete(then: () => void): void {
    this.finished.push(then);
    this.root.post(this.vp, this, COMPLETION);
  }

  begin(what: number): number {
    if (this.stopped) return 0;
    const { message, access, resume, completion } = this.costs;
    const hypercallNs = resume.charge() + (what === COMPLETION ? 0 : message.charge());
    this.root.inHypervisor(this.vp, hypercallNs);
    return hypercallNs + (what === COMPLETION ? completion : access).charge();
  }

  end(what: number): void {
    if (this.stopped) return;
    if (what === COMPLETION) {
      this.finished.shift()!();
      return;
    }
    this.actions[what - this.firstVp]?.();
    this.lps.resume(what, Suspension.Intercept);
  }

  stop(): void {
    this.stopped = true;
  }
}

const COMPLETION = -1;
