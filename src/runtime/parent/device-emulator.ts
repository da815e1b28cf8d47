import type { Cost } from '../trace/cost-ledger.js';
import type { BackEnd, BackEndWork } from './back-end.js';

/** Whoever emulates the registers of a child's devices. */
export interface DeviceEmulator {
  /** A VP touched a register. `action`: what the device does when it sees this. Ns on this VP, or SUSPENDED. */
  access(vp: number, action: (() => void) | null): number;
  /** The emulation of the access is over. */
  accessed(vp: number): void;
  /** A device finished a command: after the emulator's share of it, `then` raises the interrupt. */
  complete(then: () => void): void;
  /** The child is gone. */
  stop(): void;
}

/** Emulation on the VP that touched the register: in the monitor, or by a process the VP is a thread of. */
export class InPlaceEmulator implements DeviceEmulator, BackEndWork {
  readonly title: string;
  private readonly vp: number;
  private readonly actions: ((() => void) | null)[];
  private readonly finished: (() => void)[] = [];
  private stopped = false;

  constructor(
    private readonly backEnd: BackEnd,
    private readonly costs: { access: Cost; completion: Cost },
    private readonly firstVp: number,
    vpCount: number,
    childName: string,
  ) {
    this.title = `emulation for ${childName}`;
    this.vp = backEnd.assignVp();
    this.actions = new Array<(() => void) | null>(vpCount).fill(null);
  }

  access(vp: number, action: (() => void) | null): number {
    this.actions[vp - this.firstVp] = action;
    const { access } = this.costs;
    return access.chargeNs(Math.max(1, access.amount));
  }

  accessed(vp: number): void {
    if (!this.stopped) this.actions[vp - this.firstVp]?.();
  }

  complete(then: () => void): void {
    this.finished.push(then);
    this.backEnd.post(this.vp, this, 0);
  }

  begin(): number {
    return this.stopped ? 0 : this.costs.completion.charge();
  }

  end(): void {
    if (!this.stopped) this.finished.shift()!();
  }

  stop(): void {
    this.stopped = true;
  }
}
