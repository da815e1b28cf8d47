/**
 * What the VP must do after a driver acted: nothing (0), signal the host by a hypercall (-1), or touch this many
 * registers of an emulated device, one intercept each.
 */
export type DriverOutcome = number;
export const DONE = 0;
export const SIGNAL = -1;

/** The VP has been suspended by an intercept; what it does next is decided when it is resumed. */
export const SUSPENDED = -1;

/** Stands for the operating system itself where a transfer names its request; beyond any request under way. */
export const SYSTEM_REQUEST = 2 ** 24;

/** Stand for what the network stack sends by itself: a request for each section of the send buffer. */
export const STACK_REQUEST = SYSTEM_REQUEST + 1;

/** A transfer a request waits for. */
export interface Transfer {
  request: number;
  bytes: number;
  write: boolean;
  /** Of the send buffer, in which a frame with its bytes lies; absent where there is only a size. */
  section?: number;
}

/** A driver inside a guest, seen from the code that runs on its VPs. Times are what the VP computes for it. */
export interface GuestDevice {
  /** Position among the devices of the guest. */
  index: number;
  /** The largest transfer of one command. */
  readonly maximumBytes: number;
  /** Its signals are bits in memory, at which the hypervisor looks: they take no hypercall. Absent: they take one. */
  readonly monitored?: boolean;
  /** Driver time to issue one command. */
  issueNs(): number;
  /** Issues a command for a request. */
  issue(transfer: Transfer): DriverOutcome;
  /** The hypercall that signals the host has been made, or is not needed; another signal may have to follow. */
  signal(): DriverOutcome;
  /**
   * One register access of the running sequence; `last` ends it. The ns its emulation takes on this VP, or
   * {@link SUSPENDED} when the VP waits for somebody else to do it.
   */
  access(vp: number, last: boolean): number;
  /** The access has been emulated. */
  accessed(vp: number): void;
  /** The sequence of accesses is over. */
  afterAccesses(vp: number): DriverOutcome;
  /** Time of the hypervisor to deliver an interrupt, beside injecting it. */
  deliveryNs?(): number;
  /** Driver time to handle an interrupt. */
  interruptNs(): number;
  /** Handles the interrupt; finished requests are reported to the guest. */
  acknowledge(vp: number): DriverOutcome;
}

/** What a driver asks of the guest it runs in. */
export interface DriverHost {
  /** An interrupt of this device for a VP of the guest, counted within it. */
  raise(device: GuestDevice, local: number): void;
  /** A command for this request is done. */
  transferred(request: number, good: boolean): void;
}
