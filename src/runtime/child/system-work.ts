import { type GuestDevice, SYSTEM_REQUEST, type Transfer } from './guest-device.js';

/** What the operating system itself has to do on VP 0 (boot, shutdown): compute, and perhaps end with a command to a disk. */
export class SystemWork {
  /** Computing that waits to be run. */
  pendingNs = 0;
  private command: { device: GuestDevice; transfer: Transfer } | null = null;
  private after: () => void = () => {};

  compute(ns: number, then: () => void): void {
    this.pendingNs = ns;
    this.after = then;
  }

  /** Computes, then reads; `then` follows the answer. */
  read(ns: number, device: GuestDevice, bytes: number, then: () => void): void {
    this.compute(ns + device.issueNs(), then);
    this.command = { device, transfer: { request: SYSTEM_REQUEST, bytes, write: false } };
  }

  /** The burst begins. */
  begin(): number {
    const ns = this.pendingNs;
    this.pendingNs = 0;
    return ns;
  }

  /** The burst is over: the command it ends with, or null after what follows has been done. */
  end(): { device: GuestDevice; transfer: Transfer } | null {
    const { command } = this;
    this.command = null;
    if (command === null) this.after();
    return command;
  }

  /** An answer has come: goes on when it is that to the system's own command; false when it is somebody else's. */
  answered(request: number): boolean {
    if (request !== SYSTEM_REQUEST) return false;
    this.after();
    return true;
  }
}
