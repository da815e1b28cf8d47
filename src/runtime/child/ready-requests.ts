import type { Processors } from '../hypervisor/processors.js';
import { type VirtualProcessors, VpState } from '../hypervisor/virtual-processors.js';
import { IntQueue } from '../int-queue.js';

/** Requests that want a VP of their guest, in order, and who takes them: VPs that halted, in turn. */
export class ReadyRequests {
  private readonly queue = new IntQueue();
  private served = false;
  private turn = 0;

  constructor(
    private readonly lps: Processors,
    private readonly vps: VirtualProcessors,
    private readonly firstVp: number,
    private readonly vpCount: number,
  ) {}

  get length(): number {
    return this.queue.length;
  }

  push(request: number): void {
    this.queue.push(request);
  }

  /** The next one, or -1: there is none, or the guest is not up. */
  shift(): number {
    return this.served ? this.queue.shift() : -1;
  }

  /** The guest is up: those who came before wait no longer. */
  serve(): void {
    this.served = true;
    for (let waiting = this.queue.length; waiting > 0; waiting--) this.wakeOne();
  }

  /** Wakes a VP that halted, if one did. */
  wakeOne(): void {
    for (let tried = 0; tried < this.vpCount; tried++) {
      const local = this.turn;
      this.turn = local + 1 === this.vpCount ? 0 : local + 1;
      const vp = this.firstVp + local;
      if (this.vps.state[vp] === VpState.Waiting && this.vps.burstNs[vp] === 0) {
        this.lps.wake(vp);
        return;
      }
    }
  }
}
