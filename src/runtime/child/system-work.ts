import { type DriverOutcome, type GuestDevice, SIGNAL, SYSTEM_REQUEST, type Transfer } from './guest-device.js';

interface Job {
  ns: number;
  command: { device: GuestDevice; transfer: Transfer } | null;
  after: () => GuestDevice | null;
}

/** What the operating system itself has to do on VP 0 (boot, freeze, shutdown), one job after the other: compute, and perhaps end with a command to a disk. */
export class SystemWork {
  /** Computing that waits to be run. */
  pendingNs = 0;
  private readonly jobs: Job[] = [];
  private current: Job | null = null;
  private answeredNext: () => void = () => {};

  /** Computes; `then` may name a driver that has a hypercall to make. */
  compute(ns: number, then: () => GuestDevice | null): void {
    this.add({ ns, command: null, after: then });
  }

  /** Computes, then reads; `then` follows the answer. One job at a time reads. */
  read(ns: number, device: GuestDevice, bytes: number, then: () => void): void {
    const transfer = { request: SYSTEM_REQUEST, bytes, write: false };
    const after = () => {
      then();
      return null;
    };
    this.add({ ns: ns + device.issueNs(), command: { device, transfer }, after });
  }

  /** There is a job that has not begun, which may take no time. */
  get waits(): boolean {
    return this.jobs.length > 0;
  }

  /** The next burst begins. */
  begin(): number {
    this.current = this.jobs.shift() ?? null;
    const ns = this.current?.ns ?? 0;
    this.pendingNs -= ns;
    return ns;
  }

  /** The burst is over: the driver that acts now and what it takes, or null when none does. */
  end(): { device: GuestDevice; outcome: DriverOutcome } | null {
    const job = this.current;
    this.current = null;
    if (!job) return null;
    if (job.command) {
      const { device, transfer } = job.command;
      this.answeredNext = job.after;
      return { device, outcome: device.issue(transfer) };
    }
    const device = job.after();
    return device && { device, outcome: SIGNAL };
  }

  /** An answer has come: goes on when it is that to the system's own command; false when it is somebody else's. */
  answered(request: number): boolean {
    if (request !== SYSTEM_REQUEST) return false;
    this.answeredNext();
    return true;
  }

  private add(job: Job): void {
    this.jobs.push(job);
    this.pendingNs += job.ns;
  }
}
