import { type GuestDevice, SYSTEM_REQUEST, type Transfer } from './guest-device.js';

interface Job {
  ns: number;
  command: { device: GuestDevice; transfer: Transfer } | null;
  then: () => void;
}

/** What the operating system itself has to do on VP 0 (boot, freeze, shutdown), one job after the other: compute, and perhaps end with a command to a disk. */
export class SystemWork {
  /** Computing that waits to be run. */
  pendingNs = 0;
  private readonly jobs: Job[] = [];
  private current: Job | null = null;
  private answeredNext: () => void = () => {};

  compute(ns: number, then: () => void): void {
    this.add({ ns, command: null, then });
  }

  /** Computes, then reads; `then` follows the answer. One job at a time reads. */
  read(ns: number, device: GuestDevice, bytes: number, then: () => void): void {
    const transfer = { request: SYSTEM_REQUEST, bytes, write: false };
    this.add({ ns: ns + device.issueNs(), command: { device, transfer }, then });
  }

  /** The next burst begins. */
  begin(): number {
    this.current = this.jobs.shift() ?? null;
    const ns = this.current?.ns ?? 0;
    this.pendingNs -= ns;
    return ns;
  }

  /** The burst is over: the command it ends with, or null after what follows has been done. */
  end(): Job['command'] {
    const job = this.current;
    this.current = null;
    if (!job) return null;
    if (job.command) this.answeredNext = job.then;
    else job.then();
    return job.command;
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
